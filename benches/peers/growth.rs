//! How time grows with the number of networks.

use std::time::Duration;

use crate::support::measure::{Contender, Cost, in_turn, run as run_once};
use crate::table::{Aim, Line, Part, figure};
use crate::{With, errand, folder, large, program};

const SMALLEST: u32 = 1_000;

/// The work of one decade, over that of the decade before, may be so much more than n log n.
const LIMIT: f64 = 1.5;

pub fn run(with: &With<'_>) -> Vec<Part> {
    let start = in_turn(&[Contender::new("", || program(&["--version"]))]);
    let start = start[0].as_ref().map_or(Duration::ZERO, |cost| cost.cpu);
    let sizes = std::iter::successors(Some(SMALLEST), |size| size.checked_mul(10));
    let decades: Vec<(u32, [Result<Cost, String>; 3])> = sizes
        .take_while(|size| *size <= with.networks)
        .map(|size| (size, costs(size)))
        .collect();
    let mut lines = Vec::new();
    for (index, what) in ["generate", "verify", "diff"].into_iter().enumerate() {
        let mut before = None;
        for (size, costs) in &decades {
            let name = format!("{what}, {size} networks");
            let mut line = Line::new(name, &costs[index]);
            if let Some(cost) = &line.cost {
                let unit = per_unit(cost.cpu.saturating_sub(start), *size);
                line.note = format!("{} ns per n log2 n", figure(unit));
                if let Some(before) = before {
                    line.aims
                        .push(Aim::below(unit / before, LIMIT, "× the decade before"));
                }
                before = Some(unit);
            }
            lines.push(line);
        }
    }
    vec![Part {
        title: "(f) growth, in CPU time without what a process takes to start".to_owned(),
        lines,
    }]
}

fn costs(networks: u32) -> [Result<Cost, String>; 3] {
    let desk = tempfile::tempdir().expect("a temporary folder can be made");
    let at = |name: &str| desk.path().join(name);
    let (old, new, out, kept) = (at("old.json"), at("new.json"), at("out"), at("kept"));
    let ready = errand::crowd(&old, networks, false)
        .and_then(|()| errand::crowd(&new, networks, true))
        .and_then(|()| run_once(&mut large::generate(&old, &kept)));
    if let Err(why) = ready {
        return [Err(why.clone()), Err(why.clone()), Err(why)];
    }
    let costs = in_turn(&[
        Contender::new("generate", || large::generate(&old, &out)).after(|| folder::remove(&out)),
        Contender::new("verify", || large::verify(&kept)),
        Contender::new("diff", || {
            let mut command = program(&["diff"]);
            command.arg(&old).arg(&new);
            command
        }),
    ]);
    costs.try_into().expect("one cost a contender")
}

/// Nanoseconds for each of n log2 n.
fn per_unit(time: Duration, networks: u32) -> f64 {
    let n = f64::from(networks);
    time.as_secs_f64() * 1e9 / (n * n.log2())
}
