//! Where stills and videos go.

use std::path::{Component, Path, PathBuf};

use crate::notice::Notices;
use crate::settings::Settings;

/// `Klangbild` in the user's folder of videos.
pub fn of_user() -> PathBuf {
    let user = directories::UserDirs::new();
    let videos = user.as_ref().and_then(|user| user.video_dir().map(PathBuf::from));
    let home = || user.as_ref().map(|user| user.home_dir().join("Videos"));
    videos.or_else(home).unwrap_or_else(std::env::temp_dir).join("Klangbild")
}

/// A folder as it is named on this system: a project that was made on another one may ask for `D:\Videos` or
/// `/Users/me/Movies`, which would become a strange folder somewhere, or none. What lies in the home folder may begin with a
/// tilde.
pub fn on_this_system(folder: &Path) -> Option<PathBuf> {
    if let Ok(below) = folder.strip_prefix("~") {
        return Some(directories::UserDirs::new()?.home_dir().join(below));
    }
    // Nobody makes a folder at the root, or a drive, by naming it here: the first step of the way is there already.
    let first: PathBuf = folder
        .components()
        .scan(false, |ended, part| {
            let goes_on = !*ended;
            *ended = matches!(part, Component::Normal(_)) || (cfg!(windows) && part == Component::RootDir);
            goes_on.then_some(part)
        })
        .collect();
    (folder.is_absolute() && first.is_dir()).then(|| folder.to_path_buf())
}

/// The folder for something new, which is made. One of another system, or one that cannot be written to, loses no take: `own`
/// takes its place, and the window says so.
///
/// # Errors
/// `own` cannot be written to either; one line with the cure.
pub fn ready(settings: &Settings, own: PathBuf, notices: &Notices) -> Result<PathBuf, String> {
    let words =
        |folder: &Path, why: &str| format!("{} {why}; choose another folder in the panel", folder.display());
    let instead = |line: String| notices.warn(format!("{line} (meanwhile: {})", own.display()));
    let folder = match settings.foreign_folder() {
        None => settings.output_folder(),
        Some(foreign) => {
            instead(words(foreign, "is no folder of this system"));
            own.clone()
        }
    };
    let Err(error) = make(&folder) else { return Ok(folder) };
    let line = words(&folder, &format!("cannot be written to: {error}"));
    if folder == own || make(&own).is_err() {
        return Err(line);
    }
    instead(line);
    Ok(own)
}

/// Makes a folder, and sees whether files can be made in it.
fn make(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    tempfile::tempfile_in(folder).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_folder_of_another_system_is_not_made_here() {
        for foreign in
            ["", "D:\\Videos\\Klangbild", "\\\\server\\share", "Videos", "./x", "/no such top/x", "C:/x"]
        {
            assert_eq!(on_this_system(Path::new(foreign)), None, "{foreign}");
        }
        let here = std::env::temp_dir().join("not yet/there");
        assert_eq!(on_this_system(&here), Some(here));
        assert_eq!(on_this_system(Path::new("/")), Some(PathBuf::from("/")));
        let home = on_this_system(Path::new("~/Films")).unwrap();
        assert!(home.is_absolute() && home.ends_with("Films"), "{}", home.display());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_that_cannot_be_used_is_told_and_the_users_own_takes_its_place() {
        let own = tempfile::tempdir().unwrap();
        let own = own.path().join("Videos/Klangbild");
        let notices = Notices::default();
        for (folder, why) in [("D:\\Videos", "no folder of this system"), ("/proc/x", "cannot be written to")]
        {
            let settings = Settings { folder: Some(folder.into()), ..Settings::default() };
            assert_eq!(ready(&settings, own.clone(), &notices).unwrap(), own);
            let told = notices.newest().pop().unwrap().text;
            assert!(told.contains(folder) && told.contains(why) && told.contains("Klangbild"), "{told}");
        }
        let settings = Settings { folder: Some(own.clone()), ..Settings::default() };
        assert!(ready(&settings, "/proc/y".into(), &notices).is_ok());
        assert!(
            ready(&Settings { folder: Some("/proc/x".into()), ..settings }, "/proc/y".into(), &notices)
                .is_err()
        );
    }
}
