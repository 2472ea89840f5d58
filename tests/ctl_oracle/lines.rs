//! Command lines over all tables and columns of a schema, made from their types.

use ovnlint::change::ctl::schema::{Base, Column, Schema, Table, UNLIMITED};
use ovnlint::read::ovsdb::schema::Kind;

/// A row that no database has.
const NOWHERE: &str = "01234567-89ab-4cde-8f01-23456789abcd";

/// The command lines on one table. `{Table}` stands for a row that the table has at that moment.
pub fn of_table(schema: &Schema, table: &Table) -> Vec<String> {
    let name = table.name;
    let row = format!("{name} {{{name}}}");
    let mut lines = vec![
        format!("list {row}"),
        format!("list {name} nosuch"),
        format!("list {name} ."),
        format!("--columns=nosuch list {name}"),
        format!("find {name} nosuch=1"),
        format!("get {row} nosuch"),
        format!("set {row} nosuch=1"),
        format!("set {name} nosuch external_ids:a=b"),
        format!("--if-exists set {name} nosuch external_ids:a=b"),
        format!("destroy {name} nosuch"),
        format!("--if-exists destroy {name} nosuch"),
        format!("--if-exists --all destroy {name}"),
        format!("--all destroy {name} nosuch"),
        format!("create {name}"),
    ];
    for (at, column) in table.columns.iter().enumerate() {
        let own = of_column(schema, table, column).into_iter().enumerate();
        // Hundreds of columns are alike: of each of those another part is tried.
        let tried = own.filter(|(line, _)| is_special(column) || (at + line) % 5 == 0);
        lines.extend(tried.map(|(_, line)| line));
    }
    lines.push(format!("destroy {row}"));
    lines.push(format!("--all destroy {name}"));
    lines
}

/// Whether a column has limits of its own: values that are allowed, references, a number of elements.
fn is_special(column: &Column) -> bool {
    let limited = |base: &Base| !base.allowed.is_empty() || base.refers.is_some();
    limited(&column.key)
        || column.value.as_ref().is_some_and(limited)
        || !matches!((column.min, column.max), (0 | 1, 1) | (0, UNLIMITED))
}

fn of_column(schema: &Schema, table: &Table, column: &Column) -> Vec<String> {
    let own = column.name;
    let row = format!("{} {{{}}}", table.name, table.name);
    let [first, second, wrong] = values(schema, &column.key);
    let mut lines = Vec::new();
    if let Some(base) = &column.value {
        let [one, other, bad] = values(schema, base);
        lines.extend([
            format!("get {row} {own}"),
            format!("get {row} {own}:{first}"),
            format!("find {} {own}:{first}={one}", table.name),
            format!("set {row} {own}={first}"),
            format!("set {row} {own}={first}={bad}"),
            format!("set {row} {own}={first}={one},{second}={other}"),
            format!("add {row} {own} {first}={other}"),
            format!("add {row} {own} {first}"),
            format!("remove {row} {own} {first}={other}"),
            format!("remove {row} {own} {first}"),
            format!("set {row} {own}:{first}={other}"),
            format!("set {row} {own}:{wrong}={one}"),
            format!("clear {row} {own}"),
            format!("set {row} {own}={{}}"),
            format!("-- --id=@n create {} {own}={first}={one}", table.name),
        ]);
        return lines;
    }
    lines.extend([
        format!("get {row} {own}"),
        format!("find {} {own}={first}", table.name),
        format!("find {} {own}!={second}", table.name),
        format!("set {row} {own}={wrong}"),
        format!("set {row} {own}:k=v"),
        format!("add {row} {own} {wrong}"),
        format!("set {row} {own}={first}"),
        format!("add {row} {own} {second}"),
        format!("remove {row} {own} {first}"),
        format!("set {row} {own}={first},{second}"),
        format!("remove {row} {own} {second}"),
        format!("set {row} {own}=[]"),
        format!("clear {row} {own}"),
        format!("-- --id=@n create {} {own}={first}", table.name),
    ]);
    if column.key.refers.is_some() {
        // Of another table, and of none.
        let other = if table.name == "Bridge" {
            "Port"
        } else {
            table.name
        };
        lines.push(format!("set {row} {own}={{{other}}}"));
        lines.push(format!("set {row} {own}={NOWHERE}"));
        lines.push(format!("add {row} {own} {NOWHERE}"));
        lines.push(format!("set {row} {own}={first}"));
    }
    if column.max > 1 && column.max != UNLIMITED && column.max < 10 {
        let many: Vec<String> = (0..=column.max).map(|at| format!("v{at}")).collect();
        lines.push(format!("set {row} {own}={}", many.join(",")));
        lines.push(format!("add {row} {own} {}", many.join(" ")));
    }
    lines
}

/// Two values that fit, and one that does not.
fn values(schema: &Schema, base: &Base) -> [String; 3] {
    let texts = |first: &str, second: &str, wrong: &str| [first, second, wrong].map(str::to_owned);
    match base.kind {
        Kind::Integer => {
            let low = base.low.max(1);
            let high = base.high.min(low.saturating_add(6));
            let wrong = match base.high {
                i64::MAX => "5x".to_owned(),
                high => (high + 1).to_string(),
            };
            [low.to_string(), high.to_string(), wrong]
        }
        Kind::Real => texts("0.5", "2", "half"),
        Kind::Boolean => texts("true", "false", "maybe"),
        Kind::Text => match base.allowed.as_slice() {
            [] => texts("x1", "'\"y z\"'", "\"x"),
            [only] => texts(only, only, "bogus"),
            [first, .., last] => texts(first, last, "bogus"),
        },
        Kind::Uuid => {
            let refers = base
                .refers
                .map_or("", |refers| schema.tables[refers.table].name);
            [format!("{{{refers}}}"), NOWHERE.to_owned(), "zz".to_owned()]
        }
    }
}
