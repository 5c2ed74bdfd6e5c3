//! The table of features as `docs/scenes.md` shows it.

use super::*;

const BEGIN: &str = "<!-- features: made from engine/src/hearing.rs -->\n";
const END: &str = "<!-- end of features -->";

fn table() -> String {
    let mut lines =
        String::from("| `heard.` | from, to | how quickly, or where from | |\n|---|---|---|---|\n");
    for feature in FEATURES {
        let names: Vec<String> = feature
            .wgsl()
            .iter()
            .map(
                |(name, of)| {
                    if of == "f32" { format!("`{name}`") } else { format!("`{name}[i / 4][i % 4]`") }
                },
            )
            .collect();
        let end = |value: f32| if value.is_finite() { format!("{value}") } else { "any".to_owned() };
        let unit = if feature.unit.is_empty() { String::new() } else { format!(" {}", feature.unit) };
        let (least, most) = (end(feature.range.0), end(feature.range.1));
        lines += &format!(
            "| {} | {least} to {most}{unit} | {} | {} |\n",
            names.join(", "),
            feature.source,
            feature.help
        );
    }
    lines
}

/// After a change of the table: `KLANGBILD_BLESS=1 cargo test --profile fast -p klangbild-engine guide`.
#[test]
fn the_guide_shows_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/scenes.md");
    let guide = std::fs::read_to_string(path).unwrap();
    let (before, rest) = guide.split_once(BEGIN).expect("the guide has a place for the table");
    let (shown, after) = rest.split_once(END).unwrap();
    let wanted = table();
    if std::env::var_os("KLANGBILD_BLESS").is_some() {
        std::fs::write(path, format!("{before}{BEGIN}{wanted}{END}{after}")).unwrap();
    } else {
        assert_eq!(shown, wanted, "the guide's table is stale: see this test");
    }
}
