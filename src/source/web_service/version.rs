//! The version of the web service's data, which it answers to `/version`.

use serde_json::Value;

use crate::catalogue::Cloud;

/// The version of `cloud`'s data that `text` says: itself, if it is the ten digits of one, or an answer
/// to `/version`, as JSON (one instance or all of them), CSV or RSS.
///
/// # Errors
/// When it says none, or only that of another cloud.
pub fn version(text: &str, cloud: Cloud) -> Result<String, String> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if is_version(text) {
        return Ok(text.to_owned());
    }
    let versions = if text.starts_with('<') {
        rss(text)
    } else if let Ok(value) = serde_json::from_str::<Value>(text) {
        json(&value)
    } else {
        csv(text)
    };
    let own = versions.iter().find(|(instance, _)| is_of(instance, cloud));
    match own {
        Some((_, version)) if is_version(version) => Ok(version.clone()),
        Some((_, version)) => Err(format!(
            "`{}` is not a version such as `2018063000`",
            version.escape_debug()
        )),
        None if versions.is_empty() => Err(
            "it is neither ten digits such as `2018063000` nor the answer to `/version`".to_owned(),
        ),
        None => {
            let instances: Vec<String> = versions
                .iter()
                .map(|(instance, _)| format!("`{}`", instance.escape_debug()))
                .collect();
            Err(format!(
                "it is the version of {}, not of `{cloud}`",
                instances.join(", ")
            ))
        }
    }
}

/// Whether `text` has the form of a version: a date and two digits more.
#[must_use]
pub fn is_version(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether the web service calls `cloud` so: `USGovGCCHigh` is `usgov-gcchigh`.
fn is_of(instance: &str, cloud: Cloud) -> bool {
    instance.eq_ignore_ascii_case(&cloud.as_str().replace('-', ""))
}

type Versions = Vec<(String, String)>;

fn json(value: &Value) -> Versions {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        other => std::slice::from_ref(other),
    };
    let text = |item: &Value, name: &str| Some(item.get(name)?.as_str()?.to_owned());
    items
        .iter()
        .filter_map(|item| Some((text(item, "instance")?, text(item, "latest")?)))
        .collect()
}

/// `instance,latest`, then a line for each.
fn csv(text: &str) -> Versions {
    let lines = text.lines().filter_map(|line| line.split_once(','));
    let mut lines = lines.map(|(instance, latest)| {
        let plain = |text: &str| text.trim().trim_matches('"').to_owned();
        (plain(instance), plain(latest))
    });
    match lines.next() {
        Some((instance, latest))
            if (instance.as_str(), latest.as_str()) == ("instance", "latest") =>
        {
            lines.collect()
        }
        _ => Versions::new(),
    }
}

/// The newest item comes first, and links to `…/changes/{instance}/{version}?…`.
fn rss(text: &str) -> Versions {
    const CHANGES: &str = "/changes/";
    let link = text.find(CHANGES).map(|at| &text[at + CHANGES.len()..]);
    let version = link.and_then(|rest| {
        let (instance, rest) = rest.split_once('/')?;
        Some((instance.to_owned(), rest.get(..10)?.to_owned()))
    });
    version.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_the_answer_says_it() {
        for text in [
            "2024010100",
            r#"{"instance": "China", "latest": "2024010100", "versions": ["2024010100", "2023010100"]}"#,
            "\u{feff}[{\"instance\": \"Worldwide\", \"latest\": \"2025010100\"}, {\"instance\": \"China\", \"latest\": \"2024010100\"}]",
            "instance,latest\r\nChina,2024010100\r\n",
            "<rss><guid>2024010100</guid><link>https://endpoints.office.com/changes/China/2024010100?singleVersion&amp;x</link>",
        ] {
            assert_eq!(
                version(text, Cloud::China),
                Ok("2024010100".to_owned()),
                "{text}"
            );
        }
        let gov = r#"{"instance": "USGovGCCHigh", "latest": "2024010100"}"#;
        assert!(version(gov, Cloud::UsgovGcchigh).is_ok());
        assert_eq!(
            version(gov, Cloud::UsgovDod).unwrap_err(),
            "it is the version of `USGovGCCHigh`, not of `usgov-dod`"
        );
        for text in [
            "",
            "202401010",
            "<html>",
            "[]",
            "{}",
            "a,b",
            "instance,latest",
        ] {
            let why = version(text, Cloud::China).unwrap_err();
            assert!(why.contains("neither ten digits"), "{text}: {why}");
        }
        let odd = r#"{"instance": "China", "latest": "soon"}"#;
        assert!(version(odd, Cloud::China).unwrap_err().contains("`soon`"));
    }
}
