//! A generated folder, as it stands on disk.

use std::fs;
use std::io;
use std::path::Path;

use super::files::Files;
use super::manifest;
use super::proof::Obstacle;
use crate::catalogue::{Cloud, Traffic};
use crate::file;
use crate::lock;
use crate::target::{TARGETS, Target};
use crate::write::user_files::is_configuration;

/// Reads whatever Terraform would read in the generated folders below `folder`, and the lock. Also returns what can't be
/// read as it stands.
#[must_use]
pub fn read(folder: &Path) -> (Files, Vec<Obstacle>) {
    let mut reader = Reader {
        folder,
        files: Files::new(),
        obstacles: Vec::new(),
    };
    reader.file(lock::FILE);
    for target in TARGETS {
        for place in places(target) {
            reader.place(&place);
        }
    }
    (reader.files, reader.obstacles)
}

/// Every folder of a target that Terraform may be pointed to.
fn places(target: &Target) -> Vec<String> {
    let mut places = vec![
        format!("modules/{}", target.name),
        format!("root/{}", target.root.folder),
    ];
    for cloud in Cloud::ALL {
        for traffic in Traffic::ALL {
            places.push(format!("{cloud}/{traffic}/{}", target.name));
        }
    }
    places
}

struct Reader<'a> {
    folder: &'a Path,
    files: Files,
    obstacles: Vec<Obstacle>,
}

impl Reader<'_> {
    fn place(&mut self, place: &str) {
        // A link anywhere on the way leads out of what was written.
        let mut way = String::new();
        for part in place.split('/') {
            way = if way.is_empty() {
                part.to_owned()
            } else {
                format!("{way}/{part}")
            };
            match fs::symlink_metadata(self.folder.join(&way)) {
                Ok(metadata) if metadata.is_dir() => {}
                Ok(_) => return self.refuse(&way, "it is no folder, and may be anything"),
                Err(_) => return,
            }
        }
        let names = fs::read_dir(self.folder.join(place)).and_then(|entries| {
            let names = entries.map(|entry| entry.map(|entry| entry.file_name()));
            names.collect::<io::Result<Vec<_>>>()
        });
        let mut names = match names {
            Ok(names) => names,
            Err(error) => return self.refuse(place, &format!("it can't be listed: {error}")),
        };
        if place.starts_with("root/") {
            self.manifest(&format!("{place}/.terraform/modules/modules.json"));
        }
        names.sort_unstable();
        for name in names {
            let shown = name.to_string_lossy();
            let path = format!("{place}/{shown}");
            match name.to_str() {
                _ if !is_configuration(&shown) => {}
                Some(_) => self.file(&path),
                // Terraform reads it all the same.
                None => self.refuse(&path, "its name is no text"),
            }
        }
    }

    /// Where Terraform reads the modules of a root from, once it has looked for them.
    fn manifest(&mut self, path: &str) {
        let Ok(text) = file::text(&self.folder.join(path)) else {
            return;
        };
        let mend = "run `terraform init` again, and keep `.terraform` out of version control";
        match manifest::astray(&text) {
            Ok(calls) => {
                for call in calls {
                    let call = call.escape_debug();
                    self.refuse_and(path, &format!("Terraform takes the module `{call}` from another folder than its source says"), mend);
                }
            }
            Err(why) => self.refuse_and(path, &format!("it can't be read: {why}"), mend),
        }
    }

    fn file(&mut self, path: &str) {
        let place = self.folder.join(path);
        match fs::symlink_metadata(&place) {
            Ok(metadata) if metadata.is_file() => {}
            // Terraform passes folders over.
            Ok(metadata) if metadata.is_dir() => return,
            Ok(_) => return self.refuse(path, "it is no file, and may lead anywhere"),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => return self.refuse(path, &format!("it can't be read: {error}")),
        }
        match file::text(&place) {
            Ok(text) => {
                self.files.insert(path.to_owned(), text);
            }
            Err(error) => self.refuse(path, &format!("it can't be read: {error}")),
        }
    }

    fn refuse(&mut self, path: &str, why: &str) {
        self.refuse_and(
            path,
            why,
            "put the file back that was written there, or generate again",
        );
    }

    fn refuse_and(&mut self, path: &str, why: &str, mend: &str) {
        self.obstacles.push(Obstacle::of(path, why, mend));
    }
}
