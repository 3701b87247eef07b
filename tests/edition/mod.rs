//! An edition of the article in words of our own, with the facts of the embedded catalogue, in every form
//! that real editions come in. Real ones are not part of this repository.
#![allow(dead_code)] // each test file uses its own part

use std::fmt::Write;

use ipnet::IpNet;
use perimeter365::catalogue::{Cloud, EndpointSet, Endpoints};
use perimeter365::source::embedded;
use pulldown_cmark::{Options, Parser, html};

/// The table's rows, cell by cell, in Markdown.
#[derive(Debug, Clone)]
pub struct Edition {
    pub rows: Vec<Vec<String>>,
}

/// Rows of the table that tests change, counted from 0.
pub const WIZARD: usize = 8;
pub const PROXY: usize = 10;
pub const SKYPE: usize = 12;
pub const GRAPH: usize = 22;

/// The cell of the destinations.
pub const DESTINATION: usize = 2;

impl Edition {
    /// All 25 rows as the embedded catalogue has them.
    pub fn current() -> Self {
        let catalogue = embedded::read().expect("the embedded catalogue is valid");
        let rows = ROWS.iter().zip(&catalogue.sets).enumerate();
        let rows = rows.map(|(index, ((key, purpose, destination, kind), set))| {
            assert_eq!(set.key.as_str(), *key);
            let purpose = fill(purpose, set);
            vec![
                (index + 1).to_string(),
                purpose,
                fill(destination, set),
                (*kind).to_owned(),
            ]
        });
        Self {
            rows: rows.collect(),
        }
    }

    /// With `old` as `new` in the destinations of a row.
    pub fn with(mut self, row: usize, old: &str, new: &str) -> Self {
        let cell = &mut self.rows[row][DESTINATION];
        assert!(
            cell.contains(old),
            "`{old}` stands in row {}: {cell}",
            row + 1
        );
        *cell = cell.replacen(old, new, 1);
        self
    }

    /// Without a row; the others keep their numbers.
    pub fn without(mut self, row: usize) -> Self {
        self.rows.remove(row);
        self
    }

    pub fn markdown(&self) -> String {
        let mut text = "---\ntitle: Other needs\nms.date: 02/03/2026\n---\n# Other needs\n\n|Row|Purpose|Destination|Type|\n|---|---|---|---|\n".to_owned();
        for row in &self.rows {
            let _ = writeln!(text, "|{}|", row.join("|"));
        }
        text.push_str("\n## See too\n\nSomething else.\n");
        text
    }

    /// The line of Markdown that a row stands on, from 1.
    pub fn line(row: usize) -> usize {
        row + 9
    }

    /// The page as a browser gets it.
    pub fn html(&self) -> String {
        let mut page = "<!DOCTYPE html>\n<html lang=\"en-us\">\n<head>\n<meta name=\"ms.date\" content=\"2026-02-03T00:00:00Z\" />\n<script>if (a < b && '<td>') { '<tr>' }</script>\n</head>\n<body>\n<nav><table><tr><td>a menu</td></tr></table></nav>\n<main>\n".to_owned();
        let markdown = self.markdown();
        let (_, body) = markdown.split_once("---\n#").expect("a head");
        let body = format!("#{body}");
        html::push_html(&mut page, Parser::new_ext(&body, Options::ENABLE_TABLES));
        page.push_str("</main>\n</body>\n</html>\n");
        page
    }

    /// The page as copied from a browser that draws tables with pipes.
    pub fn text(&self) -> String {
        let mut text =
            "Other needs\nRow | Purpose | Destination | Type |\n---|---|---|---|\n".to_owned();
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(|cell| plain(cell)).collect();
            let _ = writeln!(text, "{} |", cells.join(" | "));
        }
        text.push_str("See too\nSomething else.\n");
        text
    }

    /// The same with a tab between cells.
    pub fn tabs(&self) -> String {
        let mut text = "Other needs\nRow\tPurpose\tDestination\tType\n".to_owned();
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(|cell| plain(cell)).collect();
            let _ = writeln!(text, "{}", cells.join("\t"));
        }
        text.push_str("See too\nSomething else.\n");
        text
    }
}

/// The text of a cell of Markdown.
fn plain(cell: &str) -> String {
    let table = format!("|a|\n|-|\n|{cell}|\n");
    let mut page = String::new();
    html::push_html(&mut page, Parser::new_ext(&table, Options::ENABLE_TABLES));
    let (_, body) = page.split_once("<td>").expect("a cell");
    let (cell, _) = body.split_once("</td>").expect("its end");
    let mut text = String::new();
    let mut rest = cell;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = tag.split_once('>').expect("a tag ends");
        if tag.starts_with("br") || tag.starts_with('p') {
            text.push(' ');
        }
        rest = after;
    }
    text.push_str(rest);
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// `{hosts}`, `{networks}` and `{networks:CLOUD}` stand for what the set states.
fn fill(cell: &str, set: &EndpointSet) -> String {
    let mut cell = cell.to_owned();
    for cloud in Cloud::ALL {
        let name = format!("{{networks:{cloud}}}");
        if cell.contains(&name) {
            cell = cell.replace(&name, &networks(set, *cloud).join(", "));
        }
    }
    cell
}

/// A set of the embedded catalogue.
pub fn set(key: &str) -> EndpointSet {
    let catalogue = embedded::read().expect("the embedded catalogue is valid");
    let mut sets = catalogue.sets.into_iter();
    sets.find(|set| set.key.as_str() == key)
        .expect("the set is there")
}

/// The networks that a set states for a cloud, single hosts without their length.
pub fn networks(set: &EndpointSet, cloud: Cloud) -> Vec<String> {
    let remotes = set.flows[0].remotes.iter();
    let own = remotes.filter(|remote| remote.clouds.value.contains(&cloud));
    let networks = own.flat_map(|remote| match &remote.endpoints.value {
        Endpoints::Networks(networks) => networks.clone(),
        _ => Vec::new(),
    });
    networks.map(|network| text(&network)).collect()
}

fn text(network: &IpNet) -> String {
    if network.prefix_len() == network.max_prefix_len() {
        network.addr().to_string()
    } else {
        network.to_string()
    }
}

const OUTBOUND: &str = "Out of servers";
const INBOUND: &str = "Into servers";
const SITES: &str = "Sites that are trusted";

/// Key, purpose, destinations, kind.
const ROWS: [(&str, &str, &str, &str); 25] = [
    (
        "pst-import",
        "Upload of PST files",
        "The guide has more.",
        "Rare, outbound",
    ),
    (
        "support-recovery-assistant",
        "**[Support assistant](https://diagnostics.office.com/#/)**",
        "`https://autodiscover.outlook.com` <br> `https://officecdn.microsoft.com` <br> `https://api.diagnostics.office.com` <br> `https://apibasic.diagnostics.office.com` <br> `https://autodiscover-s.outlook.com` <br> `https://cloudcheckenabler.azurewebsites.net` <br> `https://login.live.com` <br> `https://login.microsoftonline.com` <br> `https://login.windows.net` <br> `https://o365diagtelemetry.trafficmanager.net` <br> `https://odc.officeapps.live.com` <br> `https://offcatedge.azureedge.net` <br> `https://officeapps.live.com` <br> `https://outlook.office365.com` <br> `https://outlookdiagnostics.azureedge.net` <br> `https://sara.api.support.microsoft.com`",
        "Servers, outbound",
    ),
    (
        "entra-connect-sso",
        "**Entra Connect** with SSO <p> WinRM",
        "Your STS (AD FS and its proxy) \\| TCP ports 80 & 443",
        INBOUND,
    ),
    (
        "federation-sts",
        "**STS**, as AD FS proxies are",
        "Your STS \\| TCP 443 or TCP 49443 w/ClientTLS",
        INBOUND,
    ),
    (
        "um-sbc-integration",
        "Exchange Online voice and SBC",
        "Both ways between your SBC and `*.um.outlook.com`",
        OUTBOUND,
    ),
    (
        "mailbox-migration",
        "**Mailboxes that move**<p>To your EWS and MRS, from the addresses of Exchange Online, over TCP 443.",
        "Your EWS/MRS proxy <br> TCP port 443",
        INBOUND,
    ),
    (
        "hybrid-coexistence",
        "[Exchange hybrid](/exchange/exchange-deployment-assistant), free and busy",
        "Your Exchange server",
        INBOUND,
    ),
    (
        "hybrid-proxy-authentication",
        "[Exchange hybrid](/exchange/exchange-deployment-assistant), who is it",
        "Your STS",
        INBOUND,
    ),
    (
        "hybrid-configuration-wizard",
        "The [wizard](/exchange/hybrid-configuration-wizard)",
        "domains.live.com on TCP ports 80 & 443, for the wizard of Exchange 2010 SP3 <p> GCC High, DoD IP addresses: 40.118.209.192/32; 168.62.190.41/32 <p> Worldwide & GCC: `*.store.core.windows.net`; `asl.configure.office.com`; `tds.configure.office.com`; `mshybridservice.trafficmanager.net` ; <br> `aka.ms/hybridwizard`; <br> `shcwreleaseprod.blob.core.windows.net/shcw/*`",
        OUTBOUND,
    ),
    (
        "autodetect",
        "**AutoDetect** for iOS and Android <p> `<email_domain>.outlookmobile.com` <br> `<email_domain>.outlookmobile.us` <br> `52.125.128.0/20` <br> `52.127.96.0/23`",
        "Your Exchange server on TCP 443",
        INBOUND,
    ),
    (
        "hybrid-entra-authentication",
        "**Exchange hybrid and Entra**",
        "`*.msappproxy.net`",
        "TCP out of servers only",
    ),
    (
        "skype-screen-sharing",
        "Screens over UDP; before Office 2016, over RDP and TCP port 443.",
        "TCP port 443 opens to 52.112.0.0/14",
        "Skype clients of Office 2013",
    ),
    (
        "skype-hybrid-outbound",
        "Skype servers",
        "13.107.64.0/18, 52.112.0.0/14 <br> UDP ports 50,000-59,999 <br> TCP ports 50,000-59,999; 5061",
        "Skype servers, outbound",
    ),
    (
        "cloud-pstn-hybrid",
        "**PSTN** and your hosts",
        "See [the plan](/skypeforbusiness/hybrid/plan-hybrid-connectivity)",
        "Skype, inbound",
    ),
    (
        "trusted-sites-identity",
        "**FQDNs of identity** <p> The FQDN `secure.aadcdn.microsoftonline-p.com` belongs in the IE zone.",
        "",
        SITES,
    ),
    (
        "trusted-sites-teams",
        "**FQDNs of Teams** <p> Beside those of row 14.",
        "",
        SITES,
    ),
    (
        "trusted-sites-sharepoint",
        "**FQDNs of SharePoint and OneDrive** <p> All of '.sharepoint.com' with '\\<tenant\\>' in them.",
        "",
        SITES,
    ),
    (
        "trusted-sites-yammer",
        "**Yammer**  <br> In the browser only.",
        "",
        SITES,
    ),
    (
        "entra-connect-sync",
        "**Entra Connect**",
        "See [ports](/azure/active-directory/hybrid/reference-connect-ports) and [health](/azure/active-directory/hybrid/how-to-connect-health-agent-install).",
        OUTBOUND,
    ),
    (
        "entra-connect-sync-china",
        "**Entra Connect** with 21 ViaNet",
        "`*.digicert.com:80` <BR> `*.entrust.net:80` <BR> `*.chinacloudapi.cn:443` <br> `secure.aadcdn.partner.microsoftonline-p.cn:443` <br> `*.partner.microsoftonline.cn:443` <p> And [more](https://docs.azure.cn/zh-cn/).",
        OUTBOUND,
    ),
    (
        "stream",
        "**Stream** <br> With GCC",
        "`*.cloudapp.net` <br> `*.api.microsoftstream.com` <br> `*.notification.api.microsoftstream.com` <br> `amp.azure.net` <br> `api.microsoftstream.com` <br> `az416426.vo.msecnd.net` <br> `s0.assets-yammer.com` <br> `vortex.data.microsoft.com` <br> `web.microsoftstream.com` <br> TCP port 443",
        INBOUND,
    ),
    (
        "mfa-server",
        "**MFA server**",
        "See [the guide](/azure/active-directory/authentication/howto-mfaserver-deploy).",
        OUTBOUND,
    ),
    (
        "graph-change-notifications",
        "**Graph notifications** <p> By [webhooks](/graph/webhooks).",
        "Public Cloud:<br>{networks:worldwide} <br> <br> Cloud for the US Government: <br>{networks:usgov-gcchigh} <br> <br> Cloud of 21Vianet:<br> {networks:china} <br> <br> TCP port 443 <p> Note: a subscription may name other ports.",
        INBOUND,
    ),
    (
        "network-connectivity-status",
        "**Is there a network**<p>For Windows 10, 11 and M365 Apps.",
        "`www.msftconnecttest.com` <br> <p> And [more](/windows/privacy/manage-windows-11-endpoints).",
        OUTBOUND,
    ),
    (
        "teams-mobile-push",
        "**Teams on phones**<p>For Android and Apple.",
        "See [FCM](https://firebase.google.com/docs) and [Apple](https://support.apple.com/en-us/HT203609).",
        OUTBOUND,
    ),
];
