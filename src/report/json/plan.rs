//! What commands would do, as JSON: nothing of it is folded.

use serde::Serialize;

use crate::report::json::{PlaceObject, place_object};
use crate::report::page::Pages;
use crate::report::plan::{Command, Plan, Reaction, Row, Secrets, Watched};
use crate::source::{Place, Sources};

#[derive(Serialize)]
pub struct PlanObject<'a> {
    verdict: String,
    extent: ExtentObject,
    commands: Vec<CommandObject<'a>>,
    changes: Vec<ChangeObject<'a>>,
    reactions: Vec<ReactionObject<'a>>,
    safe_way: Vec<String>,
    safe_note: Option<String>,
    watch: Vec<WatchedObject<'a>>,
}

/// How much of the script was looked at.
#[derive(Serialize)]
struct ExtentObject {
    /// All commands, also those that reach nothing of a site.
    commands: usize,
    looked_at: usize,
    /// Programs, each once.
    not_looked_at: Vec<String>,
}

#[derive(Serialize)]
struct CommandObject<'a> {
    text: String,
    node: Option<&'a str>,
    outcome: &'static str,
    impact: &'static str,
    verdict: String,
    place: PlaceObject<'a>,
}

#[derive(Serialize)]
struct ChangeObject<'a> {
    /// Counted from 0, into `commands`.
    command: usize,
    node: Option<&'a str>,
    database: &'static str,
    table: &'a str,
    record: String,
    uuid: &'a str,
    field: &'a str,
    key: Option<String>,
    before: Option<String>,
    after: Option<String>,
    place: Option<PlaceObject<'a>>,
}

#[derive(Serialize)]
struct ReactionObject<'a> {
    command: usize,
    node: &'a str,
    sign: char,
    text: String,
    needs: Option<&'static str>,
}

#[derive(Serialize)]
struct WatchedObject<'a> {
    node: &'a str,
    aspects: Vec<AspectObject>,
}

#[derive(Serialize)]
struct AspectObject {
    aspect: &'static str,
    fate: &'static str,
    how: String,
}

/// What the texts of a plan are written with.
struct Writer<'a, 'p> {
    sources: &'a Sources,
    pages: &'p Pages<'a>,
    secrets: Secrets<'a>,
}

/// The whole plan.
pub fn object<'a>(plan: &'a Plan, sources: &'a Sources, pages: &Pages<'a>) -> PlanObject<'a> {
    let secrets = plan.secrets();
    let writer = Writer {
        sources,
        pages,
        secrets,
    };
    let commands = plan.commands.iter().enumerate();
    PlanObject {
        verdict: writer.secrets.mask_all(&plan.verdict),
        extent: ExtentObject {
            commands: plan.all_commands,
            looked_at: plan.looked_at,
            not_looked_at: plan
                .passed_over
                .iter()
                .map(|name| writer.secrets.mask_all(name))
                .collect(),
        },
        commands: commands
            .map(|(at, command)| writer.command(at, command))
            .collect(),
        changes: plan.changes.iter().map(|row| writer.change(row)).collect(),
        reactions: plan
            .reactions
            .iter()
            .map(|reaction| writer.reaction(reaction))
            .collect(),
        safe_way: plan
            .safe_way
            .iter()
            .map(|command| writer.secrets.mask_all(command))
            .collect(),
        safe_note: plan
            .safe_note
            .as_ref()
            .map(|note| writer.secrets.mask_all(note)),
        watch: plan
            .watch
            .iter()
            .map(|watched| writer.watched(watched))
            .collect(),
    }
}

impl<'a> Writer<'a, '_> {
    fn command(&self, at: usize, command: &'a Command) -> CommandObject<'a> {
        CommandObject {
            text: self.secrets.mask(at, &command.text),
            node: command.node.as_deref(),
            outcome: command.outcome,
            impact: command.impact.name(),
            verdict: self.secrets.mask(at, &command.verdict),
            place: self.place(at, &command.place),
        }
    }

    fn change(&self, row: &'a Row) -> ChangeObject<'a> {
        let clean = |text: &String| self.secrets.mask(row.command, text);
        let value = |value: &String| self.secrets.value(row, value).into_owned();
        ChangeObject {
            command: row.command,
            node: row.node.as_deref(),
            database: row.database,
            table: &row.table,
            record: clean(&row.record),
            uuid: &row.uuid,
            field: &row.field,
            key: row.key.as_ref().map(clean),
            before: row.before.as_ref().map(value),
            after: row.after.as_ref().map(value),
            place: row
                .place
                .as_ref()
                .map(|place| self.place(row.command, place)),
        }
    }

    fn reaction(&self, reaction: &'a Reaction) -> ReactionObject<'a> {
        ReactionObject {
            command: reaction.command,
            node: &reaction.node,
            sign: reaction.sign.character(),
            text: self.secrets.mask(reaction.command, &reaction.text),
            needs: reaction.needs,
        }
    }

    fn watched(&self, watched: &'a Watched) -> WatchedObject<'a> {
        let aspects = watched.aspects.iter().map(|watch| AspectObject {
            aspect: watch.aspect,
            fate: watch.fate,
            how: self.secrets.mask_all(&watch.how),
        });
        WatchedObject {
            node: &watched.node,
            aspects: aspects.collect(),
        }
    }

    fn place(&self, command: usize, place: &'a Place) -> PlaceObject<'a> {
        let clean = |text: &str| self.secrets.mask(command, text);
        let object = place_object(self.sources, place, self.pages, &clean);
        PlaceObject {
            text: clean(&object.text),
            ..object
        }
    }
}
