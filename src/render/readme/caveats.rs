//! What a folder can't promise.

use super::page::Page;
use super::reach;
use crate::catalogue::Traffic;
use crate::catalogue::ports::joined;
use crate::options::Options;
use crate::report::{OpenReport, Report};
use crate::template::Template;

pub fn part(page: &mut Page, report: &Report, options: &Options, templates: &[Template]) {
    page.paragraph("## Before you rely on it");
    page.paragraph(
        "- Permits add up: a rule elsewhere that allows everything makes these rules void.",
    );
    for open in report.open.iter().filter(|open| open.anywhere) {
        page.say(format!(
            "- **Open to anywhere**, {}.",
            anywhere(open, options)
        ));
    }
    let of_targets = options.targets.iter().flat_map(|target| target.caveats);
    for caveat in of_targets.chain(templates.iter().flat_map(Template::caveats)) {
        page.say(format!("- {caveat}"));
    }
    page.say("- DNS is needed too and is not in the catalogue.");
    page.say("- Behind NAT, a load balancer or a proxy that changes addresses, a firewall doesn't see Microsoft's addresses: filter where they are still visible.");
    page.say(if reach::is_base_article(report) {
        "- This is not all that Microsoft 365 needs. Exchange Online, Teams, sign-in and the rest stand in Microsoft's web service; these are the endpoints that it leaves out. Servers and users need both."
    } else {
        "- This is what the catalogues under \"Where the facts come from\" hold, and no more: what stands in none of them stays closed."
    });
    if reach::has_stream(report) {
        page.say(if options.traffics.contains(&Traffic::User) {
            "- `user` rules concern users' devices. The article's row 21 (Microsoft Stream) is typed as inbound server traffic, but all its destinations are Microsoft's: it stands here, as outbound."
        } else {
            "- The article's row 21 (Microsoft Stream) is typed as inbound server traffic, but all its destinations are Microsoft's: it is user traffic, so nothing is opened inbound for it. The service has ended."
        });
    }
}

/// What the user asked to open to every address: a key with its service, and why.
fn anywhere(open: &OpenReport, options: &Options) -> String {
    let exception = options.hosts_exception(&open.set, open.flow.as_ref());
    let because = exception.map_or_else(
        || "because you asked for it with `--hosts`".to_owned(),
        |(_, exception)| {
            format!(
                "because an exception of the overlay `{}` grants it until {}",
                exception.place.overlay, exception.expires
            )
        },
    );
    format!(
        "{because}: `{}`, {} {} ({})",
        open.key,
        open.protocol,
        joined(&open.ports, ", "),
        open.cloud
    )
}
