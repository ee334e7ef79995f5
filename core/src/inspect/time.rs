//! A record's time as people write it: ISO 8601 in UTC, or the milliseconds themselves.

const DAY_MS: i64 = 86_400_000;

/// `2026-01-01T00:00:00.000Z`; years beyond 9999 as milliseconds.
#[must_use]
pub fn iso_time(time_ms: i64) -> String {
    let (days, rest) = (time_ms.div_euclid(DAY_MS), time_ms.rem_euclid(DAY_MS));
    let (year, month, day) = civil(days);
    if !(0..=9999).contains(&year) {
        return format!("{time_ms} ms");
    }
    let (hours, minutes, seconds, ms) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60, rest % 1_000);
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{ms:03}Z")
}

/// Reads milliseconds since 1970, or a date with or without a time, in UTC: `2026-01-01`, `2026-01-01T10:30`,
/// `2026-01-01 10:30:05.250Z`.
#[must_use]
pub fn read_time(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(ms) = text.parse() {
        return Some(ms);
    }
    let text = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    let (date, time) = text.split_once(['T', 't', ' ']).unwrap_or((text, "0:0"));
    let mut parts = date.splitn(3, '-');
    let mut number = |digits: usize| parts.next().filter(|part| part.len() == digits).and_then(whole);
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let days = days_from_civil(year, month, day);
    if civil(days) != (year, month, day) {
        return None;
    }
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut parts = clock.splitn(3, ':').map(whole);
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let ms = whole(&format!("{fraction:0<3}").chars().take(3).collect::<String>())?;
    let fits = hours < 24 && minutes < 60 && seconds < 60 && whole(fraction).is_some();
    fits.then_some(days * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1_000 + ms)
}

/// Digits alone, and few enough not to overflow.
fn whole(text: &str) -> Option<i64> {
    let is_number = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// Days since 1970 as a date of the Gregorian calendar. Years begin in March here, so that a leap day is their last.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_and_read() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_767_225_600_000, "2026-01-01T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(iso_time(ms), text);
            assert_eq!(read_time(text), Some(ms));
        }
        assert_eq!(read_time("2026-01-01"), Some(1_767_225_600_000));
        assert_eq!(read_time(" 2026-01-01 00:01 "), Some(1_767_225_660_000));
        assert_eq!(read_time("1767225600000"), Some(1_767_225_600_000));
        assert_eq!(iso_time(i64::MAX), format!("{} ms", i64::MAX));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in
            ["", "yesterday", "2026-02-30", "2026-1-1", "2026-01-01T25:00", "2026-01-01T1", "2026-01-01T00:00:00.x"]
        {
            assert_eq!(read_time(text), None, "{text}");
        }
    }
}
