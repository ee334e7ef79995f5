//! Everything that crosses core and web: conformance, scenes played to the end, hygiene.
