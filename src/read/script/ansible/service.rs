//! Modules that start and stop services and containers.

use crate::read::script::Word;

use super::Tasks;
use super::task::Action;
use super::template::Item;

impl Tasks<'_, '_> {
    /// `service: name=… state=restarted` is what `systemctl restart` does.
    pub fn service(&mut self, action: &Action, item: &Item) {
        let Some(state) = self.word(action, &["state"], item) else {
            let why = "it says which services start with the node, and starts and stops none";
            return self.reader.harmless(action.span, why);
        };
        let Some(name) = self.word(action, &["name", "service", "unit"], item) else {
            return self.unfollowed(action, "names no service");
        };
        if state.unknown.is_some() {
            return self.unfollowed(action, "is told a state that is not known");
        }
        let verb = match state.text.as_str() {
            "restarted" => "restart",
            "reloaded" => "reload",
            "started" | "running" => "start",
            "stopped" => "stop",
            _ => return self.unfollowed(action, "is told a state that it does not know"),
        };
        let place = self.run().place(action.span);
        let mut words = vec![Word::literal("systemctl", place)];
        let scope = self
            .word(action, &["scope"], item)
            .filter(|scope| scope.text != "system");
        words.extend(scope.map(|scope| Word::literal(&format!("--{}", scope.text), scope.place)));
        words.push(Word::literal(verb, state.place));
        words.push(name);
        self.run().push(words, action.span);
    }

    /// `docker_container: name=… state=…`: what is started, or made anew where its arguments differ, is not known.
    pub fn container(&mut self, action: &Action, item: &Item) {
        let state = self.argument(action, &["state"], item);
        let name = self.word(action, &["name"], item);
        let verb = match state.as_ref().map(|state| state.text.as_str()) {
            Some("stopped") => "stop",
            Some("absent") => "rm",
            _ => return self.unfollowed(action, "may make the container anew"),
        };
        let Some(name) = name else {
            return self.unfollowed(action, "names no container");
        };
        let place = self.run().place(action.span);
        let mut words = vec![
            Word::literal("docker", place.clone()),
            Word::literal(verb, place.clone()),
        ];
        if verb == "rm" {
            words.push(Word::literal("-f", place));
        }
        words.push(name);
        self.run().push(words, action.span);
    }
}
