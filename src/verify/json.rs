//! A proof as JSON for a program.

use serde::Serialize;

use super::Verified;
use super::grounds::Grounds;
use super::plan::Other;
use super::proof::{Excess, Finding, Obstacle, Verdict};
use crate::catalogue::{Direction, PortRange, Protocol, Role, SetKey};
use crate::harmless;

#[derive(Serialize)]
struct ProofText<'a> {
    verdict: &'static str,
    places: Vec<String>,
    rows: usize,
    findings: Vec<FindingText<'a>>,
    obstacles: Vec<ObstacleText<'a>>,
    /// Of a plan: the network rules that aren't of our modules.
    #[serde(skip_serializing_if = "Option::is_none")]
    others: Option<Vec<OtherText<'a>>>,
    wanted: &'a Grounds,
    outside: &'a [String],
}

#[derive(Serialize)]
struct FindingText<'a> {
    kind: Excess,
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// The row's key, or what the row should be called.
    row: &'a str,
    set: &'a SetKey,
    #[serde(skip_serializing_if = "Option::is_none")]
    article_row: Option<u16>,
    place: String,
    direction: Direction,
    role: &'a Role,
    protocol: Protocol,
    ports: &'a [PortRange],
    remotes: Vec<PartText<'a>>,
}

#[derive(Serialize)]
struct PartText<'a> {
    remote: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

#[derive(Serialize)]
struct ObstacleText<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<&'a str>,
    why: &'a str,
    remedy: &'a str,
}

#[derive(Serialize)]
struct OtherText<'a> {
    address: &'a str,
    r#type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<Direction>,
    open_to_anywhere: bool,
    what: &'a str,
}

/// What was `verified`, as JSON with a line's end.
#[must_use]
pub fn text(verified: &Verified) -> String {
    let Verified {
        proof,
        others,
        grounds,
        ..
    } = verified;
    let text = ProofText {
        verdict: match proof.verdict() {
            Verdict::Equal => "equal",
            Verdict::Unequal => "unequal",
            Verdict::CannotTell => "cannot-tell",
        },
        places: proof.places.iter().map(ToString::to_string).collect(),
        rows: proof.rows,
        findings: proof.findings.iter().map(finding).collect(),
        obstacles: proof.obstacles.iter().map(obstacle).collect(),
        others: others
            .as_ref()
            .map(|others| others.iter().map(other).collect()),
        wanted: grounds,
        outside: &proof.outside,
    };
    harmless::json(&text)
}

fn finding(finding: &Finding) -> FindingText<'_> {
    let way = &finding.way;
    FindingText {
        kind: finding.excess,
        file: &finding.site.file,
        line: finding.site.line,
        row: finding.name.as_deref().unwrap_or(&way.key),
        set: &way.set,
        article_row: finding.row,
        place: way.place.to_string(),
        direction: way.direction,
        role: &way.role,
        protocol: way.protocol,
        ports: &finding.ports,
        remotes: finding
            .remotes
            .iter()
            .map(|part| PartText {
                remote: &part.text,
                line: part.line,
            })
            .collect(),
    }
}

fn other(other: &Other) -> OtherText<'_> {
    OtherText {
        address: &other.address,
        r#type: &other.kind,
        direction: other.direction,
        open_to_anywhere: other.open_to_anywhere,
        what: &other.what,
    }
}

fn obstacle(obstacle: &Obstacle) -> ObstacleText<'_> {
    ObstacleText {
        file: &obstacle.site.file,
        line: obstacle.site.line,
        row: obstacle.name.as_deref(),
        why: &obstacle.why,
        remedy: &obstacle.mend,
    }
}
