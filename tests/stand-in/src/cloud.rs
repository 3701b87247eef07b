//! The cloud: the objects that an API would hold, in a JSON file that every run of Terraform shares.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::value::Value;

/// Path of the cloud's file. Without it a cloud lasts as long as its process, and believes what the state says.
const FILE: &str = "PERIMETER365_STAND_IN_CLOUD";

/// Milliseconds that a write may take at most before it takes effect.
const JITTER: &str = "PERIMETER365_STAND_IN_JITTER";

pub struct Cloud {
    objects: Mutex<Objects>,
    file: Option<Shared>,
    jitter: u64,
}

struct Shared {
    path: PathBuf,
    lock: File,
}

impl Cloud {
    pub fn from_environment() -> io::Result<Self> {
        let file = std::env::var_os(FILE)
            .filter(|path| !path.is_empty())
            .map(|path| Shared::open(path.into()))
            .transpose()?;
        Ok(Self {
            objects: Mutex::new(Objects {
                is_all: file.is_some(),
                ..Objects::default()
            }),
            file,
            jitter: std::env::var(JITTER).map_or(0, |most| most.parse().unwrap_or_default()),
        })
    }

    /// How long the next write takes, drawn anew each time.
    pub fn delay(&self) -> Duration {
        let drawn = RandomState::new().build_hasher().finish();
        Duration::from_millis(drawn.checked_rem(self.jitter + 1).unwrap_or_default())
    }

    /// Does something with the objects as they are now; no other call and no other process comes between.
    pub fn with<T>(&self, act: impl FnOnce(&mut Objects) -> T) -> io::Result<T> {
        let mut objects = self
            .objects
            .lock()
            .expect("no call panics with the objects in hand");
        let Some(file) = &self.file else {
            return Ok(act(&mut objects));
        };
        file.lock.lock()?;
        let done = objects.load(&file.path).and_then(|()| {
            let done = act(&mut objects);
            objects.save(&file.path)?;
            Ok(done)
        });
        file.lock.unlock()?;
        done
    }
}

impl Shared {
    fn open(path: PathBuf) -> io::Result<Self> {
        // Beside the file, which is replaced at every write.
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(beside(&path, "lock"))?;
        Ok(Self { path, lock })
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

#[derive(Default)]
pub struct Objects {
    /// Whether an object that is not here does not exist.
    is_all: bool,
    made: u64,
    /// By id in lower case, since Azure does not tell cases apart.
    by_id: BTreeMap<String, Object>,
    changed: bool,
    stamp: Option<Stamp>,
}

struct Object {
    kept: Kept,
    /// The object's JSON, so that a write does not have to render all others anew.
    line: String,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    kind: String,
    state: Value,
}

#[derive(Deserialize)]
struct Stored {
    made: u64,
    objects: BTreeMap<String, Kept>,
}

/// Tells one version of the file from another.
#[derive(PartialEq)]
struct Stamp(SystemTime, u64, u64);

impl Objects {
    pub fn get(&self, id: &str) -> Option<&Value> {
        Some(&self.by_id.get(&id.to_lowercase())?.kept.state)
    }

    /// Whether an object of this id is surely missing.
    pub fn lacks(&self, id: &str) -> bool {
        self.is_all && self.get(id).is_none()
    }

    /// The objects of a kind, with their ids in lower case.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.by_id
            .iter()
            .filter(move |(_, object)| object.kept.kind == kind)
            .map(|(id, object)| (id.as_str(), &object.kept.state))
    }

    /// The objects whose ids begin so, with their ids in lower case.
    pub fn under<'a>(
        &'a self,
        prefix: &str,
    ) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        let prefix = prefix.to_lowercase();
        self.by_id
            .range(prefix.clone()..)
            .take_while(move |(id, _)| id.starts_with(&prefix))
            .map(|(id, object)| (id.as_str(), &object.kept.state))
    }

    pub fn keep(&mut self, kind: &str, state: &Value) {
        let mut state = state.clone();
        if let Value::Object(attributes) = &mut state {
            // Terraform's, not the API's.
            attributes.remove("timeouts");
        }
        let id = state
            .text("id")
            .expect("every object has an id")
            .to_lowercase();
        let kind = kind.to_owned();
        self.by_id.insert(id, Object::new(Kept { kind, state }));
        self.changed = true;
    }

    pub fn remove(&mut self, id: &str) {
        self.changed |= self.by_id.remove(&id.to_lowercase()).is_some();
    }

    /// A name as AWS makes them: 17 hexadecimal digits, never the same twice in a cloud.
    pub fn next_name(&mut self) -> String {
        self.made += 1;
        self.changed = true;
        // Spreads the count over all digits; odd factors lose nothing.
        let spread = self.made.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        format!("0{spread:016x}")
    }

    fn load(&mut self, path: &Path) -> io::Result<()> {
        let stamp = match fs::metadata(path) {
            Ok(metadata) => Some(Stamp(
                metadata.modified()?,
                metadata.len(),
                inode(&metadata),
            )),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if stamp == self.stamp {
            return Ok(());
        }
        let stored = if stamp.is_some() {
            serde_json::from_slice(&fs::read(path)?)?
        } else {
            Stored {
                made: 0,
                objects: BTreeMap::new(),
            }
        };
        self.made = stored.made;
        self.by_id = stored
            .objects
            .into_iter()
            .map(|(id, kept)| (id, Object::new(kept)))
            .collect();
        self.stamp = stamp;
        Ok(())
    }

    /// One object a line, so that a reader finds it.
    fn save(&mut self, path: &Path) -> io::Result<()> {
        if !std::mem::take(&mut self.changed) {
            return Ok(());
        }
        let mut text = format!("{{\n\"made\": {},\n\"objects\": {{", self.made);
        for (index, (id, object)) in self.by_id.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(
                text,
                "{comma}\n{}: {}",
                serde_json::to_string(id)?,
                object.line
            )
            .expect("memory takes every text");
        }
        text.push_str("\n}\n}\n");
        let new = beside(path, "new");
        fs::write(&new, text)?;
        let metadata = fs::metadata(&new)?;
        self.stamp = Some(Stamp(
            metadata.modified()?,
            metadata.len(),
            inode(&metadata),
        ));
        fs::rename(new, path)
    }
}

impl Object {
    fn new(kept: Kept) -> Self {
        let line = serde_json::to_string(&kept).expect("the cloud knows every value");
        Self { kept, line }
    }
}

#[cfg(unix)]
fn inode(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> u64 {
    0
}
