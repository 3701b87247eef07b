//! By what a row of the article is known, whatever its number, its order and its language.

/// What sets the row of one endpoint set apart from the others.
#[derive(Debug)]
pub struct Marks {
    pub set: &'static str,
    /// Words that translations leave as they are (names, abbreviations), and ends of links; in lower case.
    pub words: &'static [&'static str],
    /// Whether the row states endpoints in its purpose cell, too.
    pub purpose: bool,
}

/// The marks of the article's rows, from editions of 2019 to 2025 in several languages.
pub const MARKS: &[Marks] = &[
    marks(
        "pst-import",
        &["pst", "103f940c-0468-4e1a-b527-cc8ad13a5ea6"],
    ),
    marks("support-recovery-assistant", &["diagnostics.office.com"]),
    marks("entra-connect-sso", &["winrm", "powershell", "ad fs"]),
    marks("federation-sts", &["clienttls", "sts", "ad fs", "49443"]),
    marks("um-sbc-integration", &["sbc", "session border controller"]),
    marks("mailbox-migration", &["mrs", "ews"]),
    marks(
        "hybrid-coexistence",
        &["exchange", "exchange-deployment-assistant"],
    ),
    marks(
        "hybrid-proxy-authentication",
        &["exchange", "sts", "exchange-deployment-assistant"],
    ),
    marks(
        "hybrid-configuration-wizard",
        &["hybrid-configuration-wizard", "gcc high", "exchange 2010"],
    ),
    Marks {
        set: "autodetect",
        words: &["ios", "android", "use-hybrid-modern-auth"],
        purpose: true,
    },
    marks(
        "hybrid-entra-authentication",
        &["exchange", "azure ad", "entra"],
    ),
    marks("skype-screen-sharing", &["rdp", "2013", "2016"]),
    marks("skype-hybrid-outbound", &["udp", "5061", "skype"]),
    marks("cloud-pstn-hybrid", &["pstn", "plan-hybrid-connectivity"]),
    Marks {
        set: "trusted-sites-identity",
        words: &["fqdn", "ie"],
        purpose: true,
    },
    marks("trusted-sites-teams", &["teams", "fqdn", "known-issues"]),
    Marks {
        set: "trusted-sites-sharepoint",
        words: &["sharepoint", "onedrive", "fqdn"],
        purpose: true,
    },
    marks("trusted-sites-yammer", &["yammer"]),
    marks(
        "entra-connect-sync",
        &[
            "connect",
            "health",
            "reference-connect-ports",
            "how-to-connect-health-agent-install",
        ],
    ),
    marks("entra-connect-sync-china", &["21", "docs.azure.cn"]),
    marks("stream", &["stream", "gcc"]),
    marks("mfa-server", &["mfa", "howto-mfaserver-deploy", "ad ds"]),
    marks(
        "graph-change-notifications",
        &["graph", "21vianet", "webhooks"],
    ),
    marks(
        "network-connectivity-status",
        &["windows 10", "m365", "manage-windows-11-endpoints"],
    ),
    marks(
        "teams-mobile-push",
        &[
            "teams",
            "android",
            "apple",
            "fcm",
            "firebase.google.com",
            "ht203609",
        ],
    ),
];

const fn marks(set: &'static str, words: &'static [&'static str]) -> Marks {
    Marks {
        set,
        words,
        purpose: false,
    }
}
