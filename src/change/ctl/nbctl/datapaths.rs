//! Switches and routers themselves: `ls-add`, `lr-add` and the like.

use super::super::parse::Command;
use super::super::transaction::Transaction;
use super::super::transaction::flow::{Done, Flow};
use super::record::{self, Kind, ROUTER, SWITCH};

pub(super) fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "ls-add" => add(transaction, command, SWITCH),
        "ls-del" => del(transaction, command, SWITCH),
        "ls-list" => list(transaction, SWITCH),
        "lr-add" => add(transaction, command, ROUTER),
        "lr-del" => del(transaction, command, ROUTER),
        "lr-list" => list(transaction, ROUTER),
        _ => return Ok(false),
    }?;
    Ok(true)
}

fn add(transaction: &mut Transaction, command: &Command, kind: Kind) -> Done {
    let (may_exist, duplicate) = (command.has("--may-exist"), command.has("--add-duplicate"));
    if may_exist && duplicate {
        return Err("--may-exist and --add-duplicate may not be used together".into());
    }
    let name = command.words.get(1);
    match name {
        None if may_exist => return Err("--may-exist requires specifying a name".into()),
        None if duplicate => return Err("--add-duplicate requires specifying a name".into()),
        Some(name) if !duplicate && !transaction.named(kind.table, &name.value).is_empty() => {
            if may_exist {
                return Ok(());
            }
            let (name, noun) = (&name.value, kind.noun);
            let message = format!("{name}: a {noun} with this name already exists");
            return Err(Flow::from(message).word(1));
        }
        _ => {}
    }
    let row = transaction.create(kind.table);
    if let Some(name) = name {
        transaction.set_text(row, "name", &name.value, name.place.as_ref());
    }
    Ok(())
}

fn del(transaction: &mut Transaction, command: &Command, kind: Kind) -> Done {
    if let Some(row) = record::if_exists(transaction, kind, command, 1)? {
        transaction.delete(row);
    }
    Ok(())
}

fn list(transaction: &mut Transaction, kind: Kind) -> Done {
    let rows = transaction.rows(kind.table);
    record::print_named(transaction, &rows);
    Ok(())
}
