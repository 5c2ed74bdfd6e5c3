//! What hosts are told, and when.

use klangbild_engine::scene::SceneFile;

use super::*;

#[test]
fn a_host_is_told_what_the_knobs_are_called_now_and_not_too_often() {
    let (playbill, start) = (Playbill::default(), Instant::now());
    assert!(!playbill.is_due(start), "nothing plays yet");
    playbill.look(Scene::FLOW);
    assert!(playbill.told().of_number(number("scene1")).is_none(), "it was not told yet");
    assert!(playbill.is_due(start));
    playbill.tell(start);
    let told = playbill.told();
    let (name, control) = told.of_number(number("scene1")).unwrap();
    assert_eq!((name, control.text(1.0).as_str()), ("Brush", "2.00"));
    assert!(told.of_number(number("scene8")).is_none() && told.of_number(number("speed")).is_none());
    assert!(!playbill.is_due(start + Duration::from_secs(1)), "it knows");

    // Automation goes through the scenes in every frame.
    let mut times = 0;
    for frame in 0..60_u32 {
        let now = start + Duration::from_secs_f64(f64::from(frame) / 60.0);
        playbill.glance(if frame % 2 == 0 { Scene::PICTURE } else { Scene::KALEIDOSCOPE });
        if playbill.is_due(now) {
            playbill.tell(now);
            times += 1;
        }
    }
    assert!((2..=4).contains(&times), "{times} times in a second");
}

#[test]
fn a_host_that_takes_no_names_keeps_those_that_there_always_were() {
    let (playbill, now) = (Playbill::default(), Instant::now());
    playbill.look(Scene::FLOW);
    playbill.tell(now);
    playbill.refuse();
    assert!(playbill.told().of_number(number("scene1")).is_none());
    playbill.look(Scene::PICTURE);
    assert!(!playbill.is_due(now + Duration::from_secs(9)));
}

#[test]
fn no_two_parameters_get_one_name() {
    let labels = ["Zoom", "Depth", "depth", "Speed", "Scene 3"];
    let controls = labels
        .iter()
        .enumerate()
        .map(|(at, label)| format!("[[control]]\nid = \"c{at}\"\nlabel = \"{label}\"\n"));
    let head = format!("/*\nname = \"It\"\n{}*/\n@fragment fn paint() {{}}\n", controls.collect::<String>());
    let file = SceneFile::from_wgsl("it.wgsl", &head).unwrap();
    let names: Vec<_> = Names::of(&file.head).0.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["Scene Zoom", "Depth", "Scene depth", "Scene Speed", "Scene Scene 3"]);
}
