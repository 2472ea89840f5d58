//! Which release a database is of, by the version of its schema.

use crate::read::ovsdb::{Database, SchemaName};
use crate::read::version::Version;

/// The schemas of OVN_Northbound, and the first release of each (facts V§6).
const NORTHBOUND: [(&str, &str); 9] = [
    ("7.0.0", "23.03.0"),
    ("7.0.4", "23.06.0"),
    ("7.1.0", "23.09.0"),
    ("7.3.0", "24.03.0"),
    ("7.6.0", "24.09.0"),
    ("7.11.0", "25.03.0"),
    ("7.12.0", "25.09.0"),
    ("7.18.0", "26.03.0"),
    ("7.19.0", "26.09.0"),
];

/// Those of Open_vSwitch.
const SWITCH: [(&str, &str); 5] = [
    ("8.3.1", "3.1.0"),
    ("8.4.0", "3.2.0"),
    ("8.5.0", "3.3.0"),
    ("8.7.0", "3.4.0"),
    ("8.8.0", "3.5.0"),
];

/// The release whose tables and columns these files of a database have, where one of them tells the version of its
/// schema: the newest that had come by then. What is older than all that are known counts as the oldest of them.
pub fn of_schema(name: SchemaName, files: &[&Database]) -> Option<Version> {
    let releases: &[(&str, &str)] = match name {
        SchemaName::OpenVswitch => &SWITCH,
        SchemaName::Northbound => &NORTHBOUND,
        _ => return None,
    };
    let mut own = files.iter().filter(|file| file.schema == name);
    let schema: Version = own.find_map(|file| file.version.as_deref()?.parse().ok())?;
    let parse = |text: &str| text.parse::<Version>().ok();
    let mut reached = releases
        .iter()
        .rev()
        .filter(|(first, _)| parse(first).is_some_and(|first| schema.at_least(&first.numbers)));
    parse(reached.next().or(releases.first())?.1)
}

/// The same where the inputs name a release: they count where it has this schema, for several releases have one.
pub fn of(name: SchemaName, files: &[&Database], told: Option<&Version>) -> Option<Version> {
    let Some(of_schema) = of_schema(name, files) else {
        return told.cloned();
    };
    let same = told.filter(|told| {
        let next = next(name, &of_schema);
        told.at_least(&of_schema.numbers) && !next.is_some_and(|next| told.at_least(&next.numbers))
    });
    Some(same.cloned().unwrap_or(of_schema))
}

/// The first release that has another schema.
fn next(name: SchemaName, release: &Version) -> Option<Version> {
    let releases: &[(&str, &str)] = match name {
        SchemaName::OpenVswitch => &SWITCH,
        _ => &NORTHBOUND,
    };
    let mut releases = releases
        .iter()
        .filter_map(|(_, first)| first.parse::<Version>().ok());
    releases.find(|first| first.numbers > release.numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::ovsdb::Form;
    use crate::source::FileId;

    fn release(name: SchemaName, schema: Option<&str>, told: Option<&str>) -> Option<String> {
        let mut file = Database::new(FileId(0), Form::Log);
        file.schema = name;
        file.version = schema.map(str::to_owned);
        let told = told.map(|told| told.parse().expect("a version"));
        of(name, &[&file], told.as_ref()).map(|version| version.text)
    }

    #[test]
    fn the_schema_of_a_database_tells_its_release() {
        let north = |schema, told| release(SchemaName::Northbound, schema, told);
        assert_eq!(north(Some("7.0.0"), None).as_deref(), Some("23.03.0"));
        // Between two that are known.
        assert_eq!(north(Some("7.4.2"), None).as_deref(), Some("24.03.0"));
        assert_eq!(north(Some("6.3.0"), None).as_deref(), Some("23.03.0"));
        assert_eq!(north(Some("9.0.0"), None).as_deref(), Some("26.09.0"));
        // The inputs know the point release, or are of another machine.
        assert_eq!(
            north(Some("7.0.0"), Some("23.03.1")).as_deref(),
            Some("23.03.1")
        );
        assert_eq!(
            north(Some("7.0.0"), Some("25.03.0")).as_deref(),
            Some("23.03.0")
        );
        assert_eq!(north(None, Some("25.03.0")).as_deref(), Some("25.03.0"));
        assert_eq!(north(None, None), None);
        // One schema from 3.5 to 4.0.
        let switch = |schema, told| release(SchemaName::OpenVswitch, schema, told);
        assert_eq!(
            switch(Some("8.8.0"), Some("4.0.0")).as_deref(),
            Some("4.0.0")
        );
        assert_eq!(switch(Some("8.8.0"), None).as_deref(), Some("3.5.0"));
        assert_eq!(
            switch(Some("8.3.1"), Some("4.0.0")).as_deref(),
            Some("3.1.0")
        );
    }
}
