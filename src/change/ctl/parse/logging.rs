//! What `-v` of the tools takes: `MODULE:DESTINATION:LEVEL`, in any order.

/// Where messages go.
const DESTINATIONS: [&str; 3] = ["syslog", "console", "file"];

/// Which messages.
const LEVELS: [&str; 6] = ["off", "emer", "err", "warn", "info", "dbg"];

/// Whom syslog takes the messages to be from.
const FACILITIES: [&str; 20] = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "clock", "ftp",
    "ntp", "audit", "alert", "clock2", "local0", "local1", "local2", "local3", "local4",
];

/// The modules of both tools, as they answer in 3.1 and 23.03.
const MODULES: &str = include_str!("modules.txt");

/// What is wrong with a value of `-v`, in the tools' words.
pub fn check(text: &str) -> Result<(), String> {
    let is = |word: &str, known: &str| word.eq_ignore_ascii_case(known);
    let any = |word: &str, known: &[&str]| known.iter().any(|known| is(word, known));
    let refused = |what: String| Err(format!("processing \"{text}\": {what}"));
    let mut words = text
        .split([' ', ',', ':', '\t'])
        .filter(|word| !word.is_empty());
    let mut first = words.clone();
    match first.next() {
        Some(word) if is(word, "pattern") => {
            return match first.next() {
                None => refused("missing destination".to_owned()),
                Some(word) if is(word, "any") || any(word, &DESTINATIONS) => Ok(()),
                Some(word) => refused(format!("unknown destination \"{word}\"")),
            };
        }
        Some(word) if is(word, "facility") => {
            let known = first.next().is_some_and(|word| {
                any(word, &FACILITIES) || ["local5", "local6", "local7"].contains(&word)
            });
            return if known {
                Ok(())
            } else {
                refused("invalid facility".to_owned())
            };
        }
        _ => {}
    }
    let mut given = [false; 3];
    for word in words.by_ref().filter(|word| !is(word, "any")) {
        let kinds = [
            ("destinations", any(word, &DESTINATIONS)),
            ("levels", any(word, &LEVELS)),
            (
                "modules",
                MODULES.split_whitespace().any(|own| is(word, own)),
            ),
        ];
        let Some(kind) = kinds.iter().position(|(_, own)| *own) else {
            return refused(format!("no destination, level, or module \"{word}\""));
        };
        let (Some(given), Some((name, _))) = (given.get_mut(kind), kinds.get(kind)) else {
            continue;
        };
        if std::mem::replace(given, true) {
            return refused(format!("cannot specify multiple {name}"));
        }
    }
    Ok(())
}
