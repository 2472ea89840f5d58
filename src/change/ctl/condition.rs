//! `COLUMN[:KEY]=VALUE` and the comparisons of `find` and `wait-until`.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use crate::read::ovsdb::datum::{Atom, Datum};

use super::names;
use super::schema::{Column, Table, UNLIMITED};
use super::store::RowId;
use super::transaction::Transaction;
use super::value::{self, Wanted};

/// A word taken apart.
#[derive(Debug)]
pub struct Parts<'a> {
    /// The column.
    pub column: usize,
    /// What it is.
    pub own: &'a Column,
    /// The key, as it is written.
    pub key: Option<Cow<'a, str>>,
    /// How the value is compared; `=` where it is assigned.
    pub operator: Operator,
    /// Where the value stands in the word.
    pub value: Range<usize>,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=`
    Different,
    /// `<`
    Less,
    /// `>`
    Greater,
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `{=}`
    SetEqual,
    /// `{!=}`
    SetDifferent,
    /// `{<}`
    Within,
    /// `{>}`
    Around,
    /// `{<=}`, `{in}`
    In,
    /// `{>=}`
    Contains,
    /// `{not-in}`
    NotIn,
}

/// All comparisons, as they are written.
pub const OPERATORS: [(&str, Operator); 14] = [
    ("=", Operator::Equal),
    ("!=", Operator::Different),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("<=", Operator::AtMost),
    (">=", Operator::AtLeast),
    ("{=}", Operator::SetEqual),
    ("{!=}", Operator::SetDifferent),
    ("{<}", Operator::Within),
    ("{>}", Operator::Around),
    ("{<=}", Operator::In),
    ("{>=}", Operator::Contains),
    ("{in}", Operator::In),
    ("{not-in}", Operator::NotIn),
];

/// A column, what it is, a key in it, and how much of the word they are.
pub type Path<'a> = (usize, &'a Column, Option<Cow<'a, str>>, usize);

/// The column that a word begins with, what it is, and how much of the word its name is.
pub fn column<'a>(word: &str, table: &'a Table) -> Result<(usize, &'a Column, usize), String> {
    let (name, end) = value::token(word)?;
    if name.is_empty() {
        return Err(format!("{word}: missing column name"));
    }
    let (column, own) = names::column(table, &name)?;
    Ok((column, own, end))
}

/// Takes `COLUMN[:KEY]` apart.
pub fn column_and_key<'a>(word: &'a str, table: &'a Table) -> Result<Path<'a>, String> {
    let (column, own, end) = self::column(word, table)?;
    let Some(rest) = word[end..].strip_prefix(':') else {
        return Ok((column, own, None, end));
    };
    let (key, length) = value::token(rest)?;
    Ok((column, own, Some(key), end + 1 + length))
}

/// Takes `COLUMN[:KEY]=VALUE` apart.
pub fn parts<'a>(
    word: &'a str,
    table: &'a Table,
    operators: &[(&str, Operator)],
) -> Result<Parts<'a>, String> {
    let (column, own, key, end) = column_and_key(word, table)?;
    let rest = &word[end..];
    let fits = |(text, _): &&(&str, Operator)| rest.len() > text.len() && rest.starts_with(text);
    let found = operators
        .iter()
        .filter(fits)
        .max_by_key(|(text, _)| text.len());
    let Some((text, operator)) = found else {
        let mut texts: Vec<_> = operators
            .iter()
            .map(|(text, _)| format!("\"{text}\""))
            .collect();
        if texts.len() > 1
            && let Some(last) = texts.last_mut()
        {
            last.insert_str(0, "or ");
        }
        let texts = texts.join(", ");
        return Err(format!(
            "{word}: argument does not end in {texts} followed by a value."
        ));
    };
    Ok(Parts {
        column,
        own,
        key,
        operator: *operator,
        value: end + text.len()..word.len(),
    })
}

/// Whether a row satisfies `COLUMN[:KEY]OPERATOR VALUE`.
pub fn satisfied(transaction: &mut Transaction, row: RowId, word: &str) -> Result<bool, String> {
    let schema = transaction.store.schema.clone();
    let parts = parts(word, &schema.tables[row.table], &OPERATORS)?;
    let text = &word[parts.value.clone()];
    let Some(key) = parts.key else {
        let wanted = value::datum(text, &Wanted::from(parts.own), &mut transaction.resolver())?;
        let have = transaction.store.get(row, parts.column);
        return Ok(compare(have, &wanted, parts.operator));
    };
    let Some(base) = &parts.own.value else {
        let name = parts.own.name;
        return Err(format!(
            "cannot specify key to check for non-map column {name}"
        ));
    };
    let key = value::atom(&key, &parts.own.key, &mut transaction.resolver())?;
    let types = Wanted {
        key: base,
        value: None,
        min: parts.own.min,
        max: UNLIMITED,
    };
    let wanted = value::datum(text, &types, &mut transaction.resolver())?;
    let entries: &[(Atom, Atom)] = match transaction.store.get(row, parts.column) {
        Datum::Map(entries) => entries,
        _ => &[],
    };
    let found = entries.iter().find(|entry| entry.0 == key);
    let of_sets = OPERATORS[6..].iter().any(|(_, own)| *own == parts.operator);
    if found.is_none() && !of_sets {
        return Ok(false);
    }
    let have = Datum::Set(found.map(|entry| entry.1.clone()).into_iter().collect());
    Ok(compare(&have, &wanted, parts.operator))
}

fn compare(have: &Datum, wanted: &Datum, operator: Operator) -> bool {
    let order = || three_way(have, wanted);
    match operator {
        Operator::Equal | Operator::SetEqual => order().is_eq(),
        Operator::Different | Operator::SetDifferent => order().is_ne(),
        Operator::Less => order().is_lt(),
        Operator::Greater => order().is_gt(),
        Operator::AtMost => order().is_le(),
        Operator::AtLeast => order().is_ge(),
        Operator::Within => count(have) < count(wanted) && includes(have, wanted),
        Operator::Around => count(have) > count(wanted) && includes(wanted, have),
        Operator::In => includes(have, wanted),
        Operator::Contains => includes(wanted, have),
        Operator::NotIn => pairs(have).iter().all(|pair| !pairs(wanted).contains(pair)),
    }
}

/// As OVSDB orders sets: by size first.
fn three_way(a: &Datum, b: &Datum) -> Ordering {
    count(a)
        .cmp(&count(b))
        .then_with(|| pairs(a).cmp(&pairs(b)))
}

fn count(datum: &Datum) -> usize {
    pairs(datum).len()
}

fn includes(inner: &Datum, outer: &Datum) -> bool {
    let outer = pairs(outer);
    pairs(inner).iter().all(|pair| outer.contains(pair))
}

fn pairs(datum: &Datum) -> Vec<(&Atom, Option<&Atom>)> {
    match datum {
        Datum::Set(atoms) => atoms.iter().map(|atom| (atom, None)).collect(),
        Datum::Map(entries) => entries
            .iter()
            .map(|(key, value)| (key, Some(value)))
            .collect(),
        Datum::Unsure(_) => Vec::new(),
    }
}
