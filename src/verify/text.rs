//! A proof as text for a reader.

use std::fmt::Write;

use super::Verified;
use super::plan::Other;
use super::proof::{Excess, Finding, Obstacle, Part, Proof, Verdict};
use crate::catalogue::ports::joined;
use crate::error::plural;

/// What was `verified` of `subject`, a folder or a plan.
#[must_use]
pub fn text(subject: &str, verified: &Verified) -> String {
    let Verified {
        proof,
        others,
        grounds,
        ..
    } = verified;
    let mut text = String::new();
    // Of a plan, resources are read and calls of modules.
    let nouns = others
        .as_ref()
        .map_or(("row", "folder"), |_| ("resource", "call"));
    let _ = writeln!(text, "{subject}: {}", headline(proof, nouns));
    let open = others
        .iter()
        .flatten()
        .filter(|other| other.open_to_anywhere);
    match open.count() {
        0 => {}
        1 => text.push_str("Beside that, 1 network rule that isn't judged is OPEN TO ANYWHERE.\n"),
        count => {
            let _ = writeln!(
                text,
                "Beside that, {count} network rules that aren't judged are OPEN TO ANYWHERE."
            );
        }
    }
    for obstacle in &proof.obstacles {
        text.push('\n');
        text.push_str(&told(obstacle));
    }
    for finding in &proof.findings {
        text.push('\n');
        text.push_str(&found(finding));
    }
    text.push_str("\nWanted is what these ask for:\n");
    for facts in &grounds.facts {
        let _ = writeln!(text, "  - {}", shown(facts));
    }
    if grounds.options.is_empty() {
        text.push_str("  - the default options\n");
    } else {
        let _ = writeln!(text, "  - the options {}", grounds.options.join(" "));
    }
    for exception in &grounds.exceptions {
        let _ = writeln!(text, "  - the exception {}", shown(exception));
    }
    if !proof.outside.is_empty() {
        text.push_str("\nOutside the proof:\n");
        for outside in &proof.outside {
            let _ = writeln!(text, "  - {outside}");
        }
    }
    if let Some(others) = others.as_ref().filter(|others| !others.is_empty()) {
        text.push_str("\nNot judged, because it isn't of these modules:\n");
        for other in others {
            let _ = writeln!(text, "  - {}", rule(other));
        }
    }
    text
}

/// A network rule that is somebody else's.
fn rule(other: &Other) -> String {
    let Other {
        address,
        what,
        open_to_anywhere,
        ..
    } = other;
    let anywhere = if *open_to_anywhere {
        "OPEN TO ANYWHERE: "
    } else {
        ""
    };
    format!("{anywhere}`{address}`: {what}")
}

/// The beginning of it on one line, for an error.
#[must_use]
pub fn brief(proof: &Proof) -> String {
    /// As many of each as tell what went wrong.
    const FEW: usize = 8;
    let obstacles = proof.obstacles.iter();
    let obstacles = obstacles.map(|obstacle| format!("{}: {}", obstacle.site, obstacle.why));
    let findings = proof.findings.iter().map(|finding| {
        let remotes: Vec<&str> = finding
            .remotes
            .iter()
            .take(FEW)
            .map(|part| part.text.as_str())
            .collect();
        let name = finding.name.as_ref().unwrap_or(&finding.way.key);
        let excess = match finding.excess {
            Excess::Surplus => "opens too much",
            Excess::Deficit => "opens too little",
        };
        format!(
            "`{name}` {excess}: {} {}",
            service(finding),
            remotes.join(", ")
        )
    });
    let all: Vec<String> = obstacles.chain(findings).take(FEW).collect();
    all.join("; ")
}

fn headline(proof: &Proof, (row, place): (&str, &str)) -> String {
    let rows = plural(proof.rows, row);
    let folders = plural(proof.places.len(), place);
    let of = |excess| {
        let findings = proof.findings.iter();
        findings.filter(|finding| finding.excess == excess).count()
    };
    let unequal = match (of(Excess::Surplus), of(Excess::Deficit)) {
        (0, 0) => String::new(),
        (surplus, deficit) => format!("{surplus} surplus, {deficit} deficit"),
    };
    match proof.verdict() {
        Verdict::Equal => format!("equal: {rows} in {folders} open exactly what is wanted"),
        Verdict::Unequal => format!("unequal: {unequal}, of {rows} in {folders}"),
        Verdict::CannotTell if unequal.is_empty() => {
            format!(
                "can't tell, because of {}",
                plural(proof.obstacles.len(), "obstacle")
            )
        }
        Verdict::CannotTell => format!(
            "can't tell, because of {}; so far {unequal}",
            plural(proof.obstacles.len(), "obstacle")
        ),
    }
}

fn told(obstacle: &Obstacle) -> String {
    let row = obstacle.name.as_ref();
    let row = row.map_or_else(String::new, |name| format!(", row `{}`", shown(name)));
    format!(
        "obstacle: {}{row}\n  {}\n  to mend it: {}\n",
        obstacle.site, obstacle.why, obstacle.mend
    )
}

/// One difference, as a reader is told.
#[must_use]
pub fn found(finding: &Finding) -> String {
    let Finding {
        excess,
        way,
        row,
        name,
        site,
        remotes,
        ..
    } = finding;
    let (word, what) = match excess {
        Excess::Surplus => ("surplus", "open, and not wanted"),
        Excess::Deficit => ("deficit", "wanted, and not open"),
    };
    let article = row.map_or_else(String::new, |row| format!(", article row {row}"));
    let name = name.as_ref().unwrap_or(&way.key);
    let mut text = format!(
        "{word}: {site}, row `{}`\n  {what}: {}\n",
        shown(name),
        service(finding)
    );
    for part in few(remotes) {
        let _ = writeln!(text, "    {part}");
    }
    let _ = writeln!(
        text,
        "  set `{}`{article}, role `{}`, {}",
        way.set, way.role, way.place
    );
    text
}

fn service(finding: &Finding) -> String {
    let way = &finding.way;
    let preposition = way.direction.preposition();
    format!(
        "{} {} {} {preposition}",
        way.direction,
        way.protocol,
        joined(&finding.ports, ", ")
    )
}

/// Long lists are cut; JSON has them whole.
fn few(parts: &[Part]) -> Vec<String> {
    /// As many as a reader takes in.
    const MOST: usize = 12;
    let line = |part: &Part| match part.line {
        Some(line) => format!("{} (line {line})", part.text),
        None => part.text.clone(),
    };
    let mut shown: Vec<String> = parts.iter().take(MOST).map(line).collect();
    if parts.len() > MOST {
        shown.push(format!(
            "… and {} more; `--format json` has them all",
            parts.len() - MOST
        ));
    }
    shown
}

/// A text without control characters, and with its quotes as they are: addresses have them.
#[must_use]
pub fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '\'' | '\\' => shown.push(character),
            other => shown.extend(other.escape_debug()),
        }
    }
    shown
}
