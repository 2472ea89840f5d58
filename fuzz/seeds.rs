//! Writes the seeds of each target, in files of their own, to `fuzz/seeds/TARGET`.

#[path = "../tests/fuzz/seeds.rs"]
mod own;

use std::path::Path;

use ovnlint_fuzz::targets::{self, TARGETS};

fn main() -> std::io::Result<()> {
    for (target, _) in TARGETS {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("seeds")
            .join(target);
        std::fs::create_dir_all(&directory)?;
        for (number, seed) in own::of(target).iter().enumerate() {
            std::fs::write(directory.join(number.to_string()), seed)?;
        }
    }
    Ok(())
}
