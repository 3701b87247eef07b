//! The files of a folder, judged: what Terraform would read of them, all of it, and what that opens.

use std::collections::{BTreeMap, BTreeSet};

use super::call::{self, Expected};
use super::compare::compare;
use super::numbers::Numbers;
use super::opening::{Firewall, Found, Place, Site, Wanted, Way};
use super::outside::outside;
use super::proof::{Excess, Obstacle, Proof};
use super::root::{self, Takes};
use super::rows::{Desk, MEND};
use super::wanted::wanted;
use crate::catalogue::{Catalogue, Cloud, Traffic};
use crate::lock;
use crate::options::Options;
use crate::render::header::HEADER;
use crate::target::{AWS_RULES_PER_GROUP, File, TARGETS, Target};
use crate::write::user_files::{is_backend, is_configuration};

/// Texts by their path in the folder, with `/` between folders.
pub type Files = BTreeMap<String, String>;

/// Holds what `files` open against what is `wanted`, which `options` ask for.
#[must_use]
pub fn prove(files: &Files, wanted: &[Wanted], options: &Options) -> Proof {
    let Judge {
        found,
        unread,
        mut proof,
        ..
    } = judge(files, options, wanted);
    let home = |way: &Way| Site {
        file: main_tf(way.place),
        line: None,
    };
    proof.findings = compare(wanted, &found, &home);
    let unread_rows = rows_of(&proof.obstacles);
    // What a row opens that can't be read, nobody knows: it is not called missing.
    proof.findings.retain(|finding| {
        let way = &finding.way;
        let is_read = !unread.contains(&way.place) && !is_among(&unread_rows, way);
        finding.excess == Excess::Surplus || is_read
    });
    proof.rows = found.len();
    proof.outside = outside(wanted, options);
    proof
}

/// What `files` open, row by row, and what of them can't be judged, where `catalogue` and `options` were asked for.
#[must_use]
pub fn read(
    files: &Files,
    catalogue: &Catalogue,
    options: &Options,
) -> (Vec<Found>, Vec<Obstacle>) {
    let Judge { found, proof, .. } = judge(files, options, &wanted(catalogue, options));
    (found, proof.obstacles)
}

/// Goes through all of `files`: what they open, and what must not be among them.
fn judge<'a>(files: &'a Files, options: &'a Options, wanted: &[Wanted]) -> Judge<'a> {
    let mut judge = Judge {
        files,
        options,
        numbers: Numbers::default(),
        found: Vec::new(),
        unread: BTreeSet::new(),
        proof: Proof::default(),
    };
    judge.numbers();
    for target in TARGETS {
        judge.target(target, wanted);
    }
    judge.proof.obstacles.sort_unstable();
    judge
}

/// The rows that something is wrong with: file and key.
fn rows_of(obstacles: &[Obstacle]) -> BTreeSet<(String, String)> {
    let row = |obstacle: &Obstacle| Some((obstacle.site.file.clone(), obstacle.name.clone()?));
    obstacles.iter().filter_map(row).collect()
}

/// Whether a row of the permit `way` is among `rows`, the share of a security group included.
fn is_among(rows: &BTreeSet<(String, String)>, way: &Way) -> bool {
    let start = (main_tf(way.place), way.key.clone());
    let mut shares = rows.range(start.clone()..).map_while(|(file, key)| {
        let rest = key.strip_prefix(&start.1)?;
        (*file == start.0).then_some(rest)
    });
    shares.any(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The folder of a place in the output folder, as far as the proof knows its target.
fn place(cloud: Cloud, traffic: Traffic, target: &Target) -> Option<Place> {
    let firewall = Firewall::ALL
        .into_iter()
        .find(|firewall| firewall.name() == target.name)?;
    Some(Place {
        cloud,
        traffic,
        firewall,
    })
}

fn main_tf(place: Place) -> String {
    format!("{place}/main.tf")
}

struct Judge<'a> {
    files: &'a Files,
    options: &'a Options,
    numbers: Numbers,
    found: Vec<Found>,
    /// Whose rows can't be read.
    unread: BTreeSet<Place>,
    proof: Proof,
}

impl Judge<'_> {
    fn numbers(&mut self) {
        let Some(text) = self.files.get(lock::FILE) else {
            self.refuse(
                lock::FILE,
                "it is missing, and nothing else has its numbers",
            );
            return;
        };
        match Numbers::read(text) {
            Ok(numbers) => self.numbers = numbers,
            Err(why) => self.refuse(lock::FILE, format!("it can't be read: {why}")),
        }
    }

    fn refuse(&mut self, file: &str, why: impl Into<String>) {
        self.refuse_and(file, why, MEND);
    }

    fn refuse_and(&mut self, file: &str, why: impl Into<String>, mend: &str) {
        self.proof.obstacles.push(Obstacle::of(file, why, mend));
    }

    /// Everything that Terraform reads for one target.
    fn target(&mut self, target: &'static Target, wanted: &[Wanted]) {
        let is_wanted = self
            .options
            .targets
            .iter()
            .any(|wanted| wanted.name == target.name);
        let mut called: BTreeMap<Place, Takes> = BTreeMap::new();
        for cloud in Cloud::ALL {
            for traffic in Traffic::ALL {
                let Some(place) = place(*cloud, *traffic, target) else {
                    self.refuse(target.name, "the proof doesn't know this target");
                    return;
                };
                let is_asked_for = is_wanted
                    && self.options.clouds.contains(cloud)
                    && self.options.traffics.contains(traffic);
                if is_asked_for || self.has_files(place) {
                    self.place(place, target);
                    let mut takes = Takes::of(place, wanted);
                    if place.firewall == Firewall::AwsSecurityGroup {
                        let groups = self.numbers.groups(place);
                        takes.roles.extend(groups.map(|(role, _)| role.to_owned()));
                    }
                    called.insert(place, takes);
                }
            }
        }
        if called.is_empty() {
            return;
        }
        if self.options.module_source.is_none() {
            self.folder(&format!("modules/{}", target.name), target.module, &[]);
        }
        let folder = format!("root/{}", target.root.folder);
        let calls = format!("{folder}/calls.tf");
        if self.options.root && is_wanted {
            self.folder(&folder, target.root.files, &["calls.tf"]);
            if let Some(text) = self.files.get(&calls) {
                let obstacles = root::check(&calls, text, target, &called);
                self.proof.obstacles.extend(obstacles);
            }
        } else if self.files.contains_key(&calls) {
            self.refuse_and(
                &calls,
                "the options ask for no such root module, and it can be applied all the same",
                "destroy what was applied from there, if anything was, and delete the folder; or generate with `--root`",
            );
        }
    }

    fn has_files(&self, place: Place) -> bool {
        let start = format!("{place}/");
        let mut files = self.files.range(start.clone()..);
        files
            .next()
            .is_some_and(|(path, _)| path.starts_with(&start))
    }

    fn place(&mut self, place: Place, target: &'static Target) {
        self.proof.places.push(place);
        self.folder(&place.to_string(), target.child.files, &["main.tf"]);
        let file = main_tf(place);
        let Some(text) = self.files.get(&file) else {
            return;
        };
        let source = match &self.options.module_source {
            Some(source) => source.replace("{target}", target.name),
            None => format!("../../../modules/{}", target.name),
        };
        let asked = self
            .options
            .aws_rules_per_group
            .unwrap_or(AWS_RULES_PER_GROUP);
        let fullest = self.numbers.fullest(place).unwrap_or_default();
        let expected = Expected {
            target,
            source,
            rules_per_group: asked.max(fullest),
            desk: Desk {
                place,
                file: &file,
                numbers: Some(&self.numbers),
            },
        };
        match call::read(text, &expected) {
            Ok((found, obstacles)) => {
                self.found.extend(found);
                self.proof.obstacles.extend(obstacles);
            }
            Err(obstacle) => {
                self.unread.insert(place);
                self.proof.obstacles.push(obstacle);
            }
        }
    }

    /// Refuses whatever Terraform would read in `folder` that is neither among `embedded`, byte for byte, nor one of the
    /// files that are `written` for this folder alone.
    fn folder(&mut self, folder: &str, embedded: &[File], written: &[&str]) {
        let mut missing: BTreeSet<&str> = written.iter().copied().collect();
        let configuration = embedded.iter().filter(|file| is_configuration(file.name));
        missing.extend(configuration.map(|file| file.name));
        let start = format!("{folder}/");
        let mut files = self.files.range(start.clone()..);
        if files
            .next()
            .is_none_or(|(path, _)| !path.starts_with(&start))
        {
            return self.refuse(
                folder,
                "the folder is missing, or has nothing that Terraform reads",
            );
        }
        let files = self.files.range(start.clone()..);
        for (path, text) in files.take_while(|(path, _)| path.starts_with(&start)) {
            let name = &path[start.len()..];
            if name.contains('/') || !is_configuration(name) {
                continue;
            }
            missing.remove(name);
            if written.contains(&name) || is_backend(folder, name, text) {
                continue;
            }
            match embedded.iter().find(|file| file.name == name) {
                Some(file) if is_same(text, file.text) => {}
                Some(_) => self.refuse(
                    path,
                    "it is not what the program has there, and the rows hang on it",
                ),
                None => self.refuse_and(
                    path,
                    "the program did not write it, and it changes what applies",
                    "move it into a folder of your own",
                ),
            }
        }
        for name in missing {
            self.refuse(&format!("{folder}/{name}"), "it is missing");
        }
    }
}

/// Whether `text` is `embedded` below the line that says who wrote it. Git may end lines otherwise, and Terraform reads
/// the same of them.
fn is_same(text: &str, embedded: &str) -> bool {
    let text = text.replace("\r\n", "\n");
    let rest = text
        .strip_prefix("# ")
        .and_then(|text| text.strip_prefix(HEADER));
    rest.and_then(|rest| rest.strip_prefix("\n\n")) == Some(embedded)
}
