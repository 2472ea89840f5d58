//! The grammar of `if`, `while`, `for`, `case`, groups and functions.

use std::rc::Rc;

use super::here::identifier_length;
use super::parse::{Parsed, Parser, is_break};
use super::tree::{Form, List, Sums, Tree};
use super::word::arithmetic_length;

impl Parser<'_> {
    /// A command that holds commands; none where none starts here.
    pub fn compound(&mut self) -> Parsed<Option<Form>> {
        let start = self.at;
        if self.looking_at("((")
            && let Some(length) = arithmetic_length(self.rest())
        {
            self.at += length;
            let sums = sums(&self.unit.text[start..self.at]);
            return Ok(Some(Form::Arithmetic(sums)));
        }
        if self.peek() == Some(b'(') {
            self.at += 1;
            let list = self.list()?;
            if self.peek() != Some(b')') {
                return self.unclosed(start..start + 1, ")");
            }
            self.at += 1;
            return Ok(Some(Form::Subshell(list)));
        }
        let keywords = [
            "{", "if", "while", "until", "for", "select", "case", "function", "[[",
        ];
        let Some(keyword) = keywords.into_iter().find(|word| self.at_keyword(word)) else {
            return Ok(None);
        };
        self.at += keyword.len();
        let form = match keyword {
            "{" => {
                let list = self.list()?;
                self.expect(start, keyword, "}")?;
                Form::Group(list)
            }
            "if" => self.branches(start)?,
            "while" | "until" => {
                let mut condition = self.list()?;
                // `until X` is `while ! X`.
                if let ("until", [item]) = (keyword, &mut condition[..])
                    && item.rest.is_empty()
                {
                    item.first.negated = !item.first.negated;
                }
                Form::While(condition, self.body(start, keyword)?)
            }
            "for" | "select" => self.for_loop(start, keyword)?,
            "case" => self.case(start)?,
            "function" => self.function(start)?,
            _ => Form::Test(self.test(start)?),
        };
        Ok(Some(form))
    }

    /// Takes a reserved word, or says that it is missing to one that stands before.
    fn expect(&mut self, start: usize, opening: &str, keyword: &str) -> Parsed<()> {
        if self.take_keyword(keyword) {
            return Ok(());
        }
        self.unclosed(start..start + opening.len(), keyword)
    }

    fn branches(&mut self, start: usize) -> Parsed<Form> {
        let mut arms = Vec::new();
        loop {
            let condition = self.list()?;
            self.expect(start, "if", "then")?;
            arms.push((condition, self.list()?));
            if !self.take_keyword("elif") {
                break;
            }
        }
        let otherwise = if self.take_keyword("else") {
            Some(self.list()?)
        } else {
            None
        };
        self.expect(start, "if", "fi")?;
        Ok(Form::If(arms, otherwise))
    }

    /// `do … done`
    fn body(&mut self, start: usize, keyword: &str) -> Parsed<List> {
        self.skip_newlines()?;
        self.expect(start, keyword, "do")?;
        let body = self.list()?;
        self.expect(start, keyword, "done")?;
        Ok(body)
    }

    fn for_loop(&mut self, start: usize, keyword: &str) -> Parsed<Form> {
        self.skip_blanks();
        if self.looking_at("((")
            && let Some(length) = arithmetic_length(self.rest())
        {
            let sums = sums(&self.rest()[..length]);
            self.at += length;
            self.skip_semicolon();
            return Ok(Form::Count(sums, self.body(start, keyword)?));
        }
        let length = identifier_length(self.rest());
        if length == 0 {
            let message = format!("`{keyword}` stands here without the name of a variable");
            return self.error(start..start + keyword.len(), message);
        }
        let name: Rc<str> = self.rest()[..length].into();
        self.at += length;
        self.skip_newlines()?;
        let mut words = None;
        if self.take_keyword("in") {
            let words = words.insert(Vec::new());
            self.skip_blanks();
            while let Some(word) = self.word()? {
                words.push(word);
                self.skip_blanks();
            }
        }
        self.skip_semicolon();
        let body = if self.at_keyword("{") {
            let open = self.at;
            self.at += 1;
            let body = self.list()?;
            self.expect(open, "{", "}")?;
            body
        } else {
            self.body(start, keyword)?
        };
        Ok(match keyword {
            "select" => Form::Select(name, words.unwrap_or_default(), body),
            _ => Form::For(name, words, body),
        })
    }

    fn skip_semicolon(&mut self) {
        self.skip_blanks();
        if self.looking_at(";") && !self.looking_at(";;") {
            self.at += 1;
            self.skip_blanks();
        }
    }

    fn case(&mut self, start: usize) -> Parsed<Form> {
        self.skip_blanks();
        let Some(subject) = self.word()? else {
            return self.error(start..start + 4, "`case` stands here without a word");
        };
        self.skip_newlines()?;
        self.expect(start, "case", "in")?;
        let mut arms = Vec::new();
        loop {
            self.skip_newlines()?;
            if self.take_keyword("esac") {
                return Ok(Form::Case(subject, arms));
            }
            let patterns = self.patterns(start)?;
            let body = self.list()?;
            arms.push((patterns, body));
            let end = [";;&", ";;", ";&"]
                .into_iter()
                .find(|end| self.looking_at(end));
            self.at += end.map_or(0, str::len);
            if end.is_none() && !self.at_keyword("esac") {
                return self.unclosed(start..start + 4, "esac");
            }
        }
    }

    fn patterns(&mut self, start: usize) -> Parsed<Vec<Tree>> {
        if self.looking_at("(") {
            self.at += 1;
        }
        let mut patterns = Vec::new();
        loop {
            self.skip_blanks();
            match self.word()? {
                Some(pattern) => patterns.push(pattern),
                None if self.at >= self.unit.text.len() => {
                    return self.unclosed(start..start + 4, "esac");
                }
                None => return self.error(self.at..self.at, "a pattern of `case` is missing here"),
            }
            self.skip_blanks();
            if self.looking_at(")") {
                self.at += 1;
                return Ok(patterns);
            }
            if !self.looking_at("|") {
                let message = "a pattern of `case` is not followed by `)`";
                return self.error(self.at..self.at, message);
            }
            self.at += 1;
        }
    }

    fn function(&mut self, start: usize) -> Parsed<Form> {
        self.skip_blanks();
        let length = self.rest().find(is_break).unwrap_or(self.rest().len());
        if length == 0 {
            return self.error(start..start + 8, "`function` stands here without a name");
        }
        let name: Rc<str> = self.rest()[..length].into();
        self.at += length;
        self.skip_blanks();
        if self.looking_at("(") {
            let open = self.at;
            self.at += 1;
            self.skip_blanks();
            if !self.looking_at(")") {
                return self.unclosed(open..open + 1, ")");
            }
            self.at += 1;
        }
        self.function_body(name)
    }

    /// The words of `[[ … ]]`, with its operators.
    fn test(&mut self, start: usize) -> Parsed<Vec<Tree>> {
        let mut words = Vec::new();
        loop {
            self.skip_newlines()?;
            if self.take_keyword("]]") {
                return Ok(words);
            }
            if let Some(word) = self.word()? {
                words.push(word);
                continue;
            }
            let Some(operator) = self.rest().chars().next() else {
                return self.unclosed(start..start + 2, "]]");
            };
            let mut parts = Vec::new();
            let range = self.at..self.at + operator.len_utf8();
            self.text(&mut parts, range.clone(), super::tree::Quoting::Quoted);
            self.at = range.end;
            let span = self.span(range);
            words.push(Tree { span, parts });
        }
    }
}

/// The names in a calculation that sets some; which of them, is not looked at.
fn sums(text: &str) -> Sums {
    let sets = text.contains("++") || text.contains("--") || text.contains('=');
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let names = words.filter(|word| sets && identifier_length(word) > 0);
    Sums {
        names: names.map(Rc::from).collect(),
        runs: runs(text),
    }
}

/// Whether a text that is not followed holds commands.
pub fn runs(text: &str) -> bool {
    text.replace("$((", "").contains("$(") || text.contains('`')
}
