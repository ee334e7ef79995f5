//! Getting a late file: by the browser's fetch; at build time out of the program itself.

use serde::de::DeserializeOwned;

/// Why a file is not there, in English, for the notice beside "try again".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotFetched(pub String);

/// The file's bytes.
#[cfg(feature = "csr")]
pub(super) async fn fetch(name: &str) -> Result<Vec<u8>, NotFetched> {
    use wasm_bindgen::JsCast;
    use wasm_bindgen_futures::JsFuture;

    let said = |problem: wasm_bindgen::JsValue| {
        let error = problem.dyn_ref::<js_sys::Error>().map(js_sys::Error::message);
        NotFetched(error.map_or_else(|| format!("{problem:?}"), String::from))
    };
    let address = late_address(name).ok_or_else(|| NotFetched(format!("this page does not know a file {name}")))?;
    let answer = JsFuture::from(crate::reactive::window().fetch_with_str(&address)).await.map_err(said)?;
    let answer: web_sys::Response = answer.dyn_into().map_err(said)?;
    if !answer.ok() {
        return Err(NotFetched(format!("{name}: the server answered {}", answer.status())));
    }
    let bytes = JsFuture::from(answer.array_buffer().map_err(said)?).await.map_err(said)?;
    Ok(js_sys::Uint8Array::new(&bytes).to_vec())
}

/// What postcard packed.
pub(super) fn read<T: DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<T, NotFetched> {
    postcard::from_bytes(bytes).map_err(|problem| NotFetched(format!("{name}: {problem}")))
}

/// Where the site keeps the file: `<meta name="kafka-lab-files" content="02.bin=../02-1f….bin …">`.
pub(crate) fn late_address(name: &str) -> Option<String> {
    let meta = crate::reactive::document().query_selector("meta[name=kafka-lab-files]").ok().flatten()?;
    let list = meta.get_attribute("content")?;
    let pairs = list.split(' ').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(file, _)| *file == name).map(|(_, address)| address.to_owned())
}

/// The file as build.rs wrote it.
#[cfg(all(feature = "ssr", not(feature = "csr")))]
pub(super) fn built_in<T: DeserializeOwned>(name: &str) -> Result<T, NotFetched> {
    let file = super::LATE.iter().find(|(file, _)| *file == name);
    let (_, bytes) = file.ok_or_else(|| NotFetched(format!("there is no file {name}")))?;
    read(name, bytes)
}
