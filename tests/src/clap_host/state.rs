//! Looks into what the plugin saves: eight bytes of length, then nice-plug's JSON, in which `fields.settings` is our settings'
//! JSON as a text.

use serde_json::Value;

/// The JSON of a saved state.
#[track_caller]
pub fn read(bytes: &[u8]) -> Value {
    let (length, json) = bytes.split_first_chunk::<8>().expect("a state begins with its length");
    assert_eq!(u64::from_le_bytes(*length), json.len() as u64);
    serde_json::from_slice(json).expect("a state is JSON")
}

/// A state of any bytes, with their length before them.
pub fn of_bytes(json: &[u8]) -> Vec<u8> {
    let mut bytes = (json.len() as u64).to_le_bytes().to_vec();
    bytes.extend(json);
    bytes
}

/// A state of some JSON.
pub fn write(json: &Value) -> Vec<u8> {
    of_bytes(json.to_string().as_bytes())
}

/// The settings in a saved state.
#[track_caller]
pub fn settings(bytes: &[u8]) -> Value {
    let json = read(bytes);
    let text = json["fields"]["settings"].as_str().expect("a state has settings");
    serde_json::from_str(text).expect("settings are JSON")
}

/// A saved state with other settings in it: those of `changes`, which is an object.
#[track_caller]
pub fn with_settings(bytes: &[u8], changes: &Value) -> Vec<u8> {
    let (mut json, mut settings) = (read(bytes), settings(bytes));
    for (key, value) in changes.as_object().expect("changes are an object") {
        assert!(settings.get(key).is_some(), "there is no setting {key}");
        settings[key] = value.clone();
    }
    json["fields"]["settings"] = settings.to_string().into();
    write(&json)
}
