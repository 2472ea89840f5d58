//! One line on standard error that says what a run is at, while it takes long and somebody looks at it.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::report::escape;

use super::journal::Journal;

/// Shorter runs show nothing.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two lines.
const PAUSE: Duration = Duration::from_millis(100);

/// Shows the line as long as it lives, and leaves nothing of it.
pub struct Line {
    /// Nothing is ever sent: the thread sees it end.
    alive: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Line {
    /// Begins to watch a run. Without a thread there is no line, which is no reason to fail.
    pub fn of(journal: Arc<Journal>) -> Self {
        let (alive, ended) = mpsc::channel();
        let watch = move || show(&journal, (&ended, PATIENCE), &mut io::stderr());
        let thread = thread::Builder::new().spawn(watch).ok();
        Self {
            alive: Some(alive),
            thread,
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.alive.take();
        if let Some(thread) = self.thread.take() {
            // A line that could not be shown is not missed.
            let _ = thread.join();
        }
    }
}

/// Draws the line again and again until the run ends, then clears it; a run that ends before shows nothing.
fn show(journal: &Journal, (ended, patience): (&Receiver<()>, Duration), out: &mut impl Write) {
    let mut columns = 0;
    let mut pause = patience;
    while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        pause = PAUSE;
        if let Some(line) = journal.now() {
            columns = draw(out, &line, columns);
        }
    }
    if columns > 0 {
        draw(out, "", columns);
        draw(out, "", 0);
    }
}

/// Writes a line over one of so many columns, and says how many it has itself. Blanks clear what an escape sequence
/// would not clear on every terminal.
fn draw(out: &mut impl Write, line: &str, columns: usize) -> usize {
    let line = escape::log_line(line);
    let own = line.chars().count();
    let rest = columns.saturating_sub(own);
    let drawn = format!("\r{line}{:rest$}", "");
    // Nobody is told that a line of progress cannot be shown.
    let _ = out.write_all(drawn.as_bytes()).and_then(|()| out.flush());
    own
}

#[cfg(test)]
mod tests {
    use super::super::journal::Stage;
    use super::*;

    #[test]
    fn a_run_that_is_over_shows_nothing() {
        let journal = Journal::default();
        journal.enter(Stage::Reading);
        let (alive, ended) = mpsc::channel();
        drop(alive);
        let mut out = Vec::new();
        show(&journal, (&ended, Duration::ZERO), &mut out);
        assert_eq!(out, b"");
    }

    /// Ends the run once something was drawn.
    struct Screen(Option<Sender<()>>, Vec<u8>);

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.take();
            self.1.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_run_that_goes_on_is_shown_and_cleared() {
        let journal = Journal::default();
        journal.enter(Stage::Writing);
        let (alive, ended) = mpsc::channel();
        let mut screen = Screen(Some(alive), Vec::new());
        show(&journal, (&ended, Duration::ZERO), &mut screen);
        let line = journal.now().expect("it has begun");
        let blanks = " ".repeat(line.chars().count());
        assert_eq!(
            String::from_utf8_lossy(&screen.1),
            format!("\r{line}\r{blanks}\r")
        );
    }

    #[test]
    fn a_shorter_line_leaves_nothing_of_a_longer_one() {
        let mut out = Vec::new();
        let columns = draw(&mut out, "reading…", 0);
        assert_eq!(columns, 8);
        let columns = draw(&mut out, "ended", columns);
        assert_eq!((columns, &out[..]), (5, "\rreading…\rended   ".as_bytes()));
    }
}
