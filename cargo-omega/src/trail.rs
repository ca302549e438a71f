//! A trail that was named on the command line, and what can be said of it and of the files beside it.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use omega_lock::internals::artifacts::{Anchor, ExitCode, GoldDocument, TrailHeader};
use omega_lock::internals::declaration::{Acceptance, Declaration};
use omega_lock::internals::regular_file::{LARGEST_COMMITTED, open_regular_file, read_regular_file};
use omega_lock::internals::report::escaped_line;
use omega_lock::internals::verify::{
    Extension, Regeneration, TrailReport, Unmade, VerifyError, extension, read_trail, regenerate,
};

use crate::environment;
use crate::failure::Failure;
use crate::study;

/// What stands on a page that was made beside gold.
const BESIDE_GOLD: &[u8] = b"<h2>Beside gold</h2>";
/// What stands on the page of a run that was not accepted.
const REFUSED: &[u8] = b"<p class=\"refused\">";

/// What every trail begins with.
const OPENING: &[u8] = b"{\"h\":\"";

/// The trail that a path means: the file itself, or the one in a run's folder, or the one beside a run's result.
/// None if it means another kind of file.
pub(crate) fn meant(path: &Utf8Path) -> Option<Utf8PathBuf> {
    let beside = |folder: &Utf8Path| {
        let trail = folder.join("trail.jsonl");
        begins_as_one(&trail).then_some(trail)
    };
    if path.is_dir() {
        return beside(path);
    }
    if begins_as_one(path) {
        return Some(path.to_owned());
    }
    match path.file_name() {
        Some("result.json" | "scorecard.txt") => beside(path.parent().unwrap_or(Utf8Path::new(""))),
        Some("trail.jsonl") => Some(path.to_owned()),
        _ => None,
    }
}

fn begins_as_one(path: &Utf8Path) -> bool {
    begins(path, |bytes| bytes.starts_with(OPENING) && !study::begins_as_one(bytes))
}

/// Whether a file is a study, which has rows as a trail has them.
pub(crate) fn is_a_study(path: &Utf8Path) -> bool {
    begins(path, study::begins_as_one)
}

fn begins(path: &Utf8Path, as_what: impl Fn(&[u8]) -> bool) -> bool {
    use std::io::BufRead;
    open_regular_file(path).is_ok_and(|mut file| file.fill_buf().is_ok_and(as_what))
}

/// What was asked of a trail beside its own wholeness.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked<'a> {
    /// What it should end in.
    pub(crate) anchor: Option<Anchor>,
    /// A trail that it should be a later state of.
    pub(crate) earlier: Option<&'a Utf8Path>,
    /// Where the gold is that it stood beside; absent to look for it.
    pub(crate) gold: Option<&'a Utf8Path>,
    /// Neither to read the rows nor to run the pipeline on them.
    pub(crate) chain_only: bool,
}

/// The lines about a trail, and the exit code they come to.
pub(crate) struct TrailInspection {
    /// The title first.
    pub(crate) lines: Vec<String>,
    pub(crate) code: ExitCode,
    /// Whether `result.json` was made once more from the trail, and is the same.
    pub(crate) proves_the_result: bool,
    /// The same of `recheck.json`.
    pub(crate) agrees: bool,
    /// The workspace's gold of the calibration, with how far the run may move from it.
    pub(crate) gold: Option<(GoldDocument, Acceptance)>,
    /// How the trail ends, as far as it was followed.
    found: Option<Anchor>,
    /// For [`again`](Self::again): what was found out of a trail whose files were made once more.
    pub(crate) followed: Option<Followed>,
}

/// Which files were made once more, and what came of each.
type Files = Vec<(&'static str, Regeneration)>;

/// What takes the time of an inspection, whatever is asked of it.
pub(crate) struct Followed {
    report: TrailReport,
    files: Files,
}

impl TrailInspection {
    pub(crate) fn of(path: &Utf8Path, asked: &Asked<'_>) -> Result<Self, Failure> {
        let mut inspection = Self::new();
        if asked.chain_only {
            inspection.chain_alone(path, asked)?;
        } else {
            match read_trail(path) {
                Ok(report) => {
                    if let Some(files) = inspection.whole(path, &report, asked, |report| regenerate(path, report))? {
                        inspection.followed = Some(Followed { report, files });
                    }
                }
                Err(error) => inspection.unread(path, error)?,
            }
        }
        if let Some(earlier) = asked.earlier {
            inspection.against(path, earlier)?;
        }
        Ok(inspection)
    }

    /// The same of a trail that was followed, with something else asked of it.
    pub(crate) fn again(path: &Utf8Path, asked: &Asked<'_>, followed: Followed) -> Result<Self, Failure> {
        let mut inspection = Self::new();
        inspection.whole(path, &followed.report, asked, |_| Ok(followed.files))?;
        Ok(inspection)
    }

    fn new() -> Self {
        Self {
            lines: Vec::new(),
            code: ExitCode::Pass,
            proves_the_result: false,
            agrees: false,
            gold: None,
            found: None,
            followed: None,
        }
    }

    /// Whether the trail ends like this.
    pub(crate) fn ends_in(&self, anchor: Option<&Anchor>) -> bool {
        self.found.as_ref() == anchor
    }

    pub(crate) fn text(&self) -> String {
        self.lines.join("\n") + "\n"
    }

    /// The files that `regenerate` made once more, if it did.
    fn whole(
        &mut self,
        path: &Utf8Path,
        report: &TrailReport,
        asked: &Asked<'_>,
        regenerate: impl FnOnce(&TrailReport) -> Result<Files, Unmade>,
    ) -> Result<Option<Files>, Failure> {
        self.title(path, &format!("trail of calibration `{}`", report.header.calibration));
        let attachments = match report.attachments {
            0 => String::new(),
            count => format!(", {count} attachments"),
        };
        self.fact(format!("rows {} ({} evaluations{attachments})", report.anchor.rows, report.evaluations));
        self.fact("chain ok".to_owned());
        self.fact(format!("head {}", report.anchor.head));
        self.found = Some(report.anchor.clone());
        let verdict = report.end.as_ref().and_then(|end| end.verdict.as_ref());
        // Gold is of the trail of a search, and a recheck is none.
        let accepted = Accepted::of(path, &report.header, asked.gold);
        let accepted = accepted.filter(|_| verdict.is_none_or(|verdict| verdict.searched().is_none()));
        match accepted.as_ref().filter(|_| asked.anchor.is_none()) {
            Some(accepted) => self.accepted(&report.anchor, accepted),
            None => self.anchor(&report.anchor, asked),
        }
        self.gold = accepted.and_then(|accepted| accepted.beside(&report.header));
        match &report.end {
            Some(end) => {
                let problem = || end.problem.as_deref().unwrap_or_default().lines().next().unwrap_or_default();
                self.fact(match &end.verdict {
                    Some(verdict) => format!("ended with {verdict}"),
                    None => format!("ended without a verdict: {}", problem()),
                });
                self.regenerated(regenerate(report))
            }
            None => {
                let torn = report.torn.map_or_else(String::new, |at| format!(", a piece of a row from byte {at} on"));
                self.no(format!("incomplete: the run has not ended{torn}; running it again continues it"));
                Ok(None)
            }
        }
    }

    /// The digests and nothing else.
    fn chain_alone(&mut self, path: &Utf8Path, asked: &Asked<'_>) -> Result<(), Failure> {
        let file = open_regular_file(path).map_err(|error| unread(error.into()))?;
        match omega_lock::internals::artifacts::scan(file) {
            Ok(state) => {
                let name = state.header.as_ref().map(|header| header.calibration.as_str()).unwrap_or_default();
                self.title(path, &format!("trail of calibration `{name}`"));
                self.fact(format!("rows {}", state.anchor().rows));
                self.fact("chain ok".to_owned());
                self.fact(format!("head {}", state.anchor().head));
                self.anchor(&state.anchor(), asked);
                if !state.ended {
                    self.no("incomplete: the run has not ended".to_owned());
                }
                Ok(())
            }
            Err(omega_lock::internals::artifacts::TrailReadError::Damage(damage)) => {
                self.unread(path, VerifyError::Damage(damage))
            }
            Err(omega_lock::internals::artifacts::TrailReadError::Io(error)) => {
                Err(Failure::internal(format!("`{path}` could not be read: {error}")))
            }
        }
    }

    fn anchor(&mut self, found: &Anchor, asked: &Asked<'_>) {
        match &asked.anchor {
            None => self.fact("anchor none".to_owned()),
            Some(anchor) if anchor == found => self.fact("anchor ok".to_owned()),
            Some(anchor) => self.damage("anchor", &format!("the trail should have {anchor}; it has {found}")),
        }
    }

    /// Gold may be of another trail: whether that fails is the declaration's to say.
    fn accepted(&mut self, found: &Anchor, accepted: &Accepted) {
        if accepted.anchor == *found {
            return self.fact(format!("anchor ok: `{}`", accepted.file));
        }
        let other = format!("anchor of another trail: `{}` has {}", accepted.file, accepted.anchor);
        if accepted.exact { self.no(other) } else { self.fact(other) }
    }

    /// What was found of `report.html`, which shows gold too where there is some.
    pub(crate) fn page(&mut self, found: &[u8], made: &str, beside_gold: bool) {
        let has = |page: &[u8], mark: &[u8]| page.windows(mark.len()).any(|text| text == mark);
        if found == made.as_bytes() {
            self.fact("report.html regenerated: the same, byte for byte".to_owned());
        } else if beside_gold {
            self.fact("report.html not regenerated: it was made beside another gold, or edited".to_owned());
        } else if has(found, REFUSED) && !has(made.as_bytes(), REFUSED) {
            self.fact(
                "report.html not regenerated: it says that the run was not accepted, and judged.json does not"
                    .to_owned(),
            );
        } else if has(found, BESIDE_GOLD) {
            self.fact("report.html not regenerated: no gold beside it, which `--gold FILE` can name".to_owned());
        } else {
            self.damage("report.html", "it differs from what the trail gives; `cargo omega report` makes it anew");
        }
    }

    fn regenerated(&mut self, files: Result<Files, Unmade>) -> Result<Option<Files>, Failure> {
        match files {
            Ok(files) => {
                for &(name, ref outcome) in &files {
                    match outcome {
                        Regeneration::Same => {
                            self.proves_the_result |= name == "result.json";
                            self.fact(format!("{name} regenerated: the same, byte for byte"));
                        }
                        Regeneration::Agrees => {
                            self.agrees = true;
                            self.fact(format!("{name} agrees with what the trail gives"));
                        }
                        Regeneration::Absent => self.fact(format!("{name} is not there")),
                        Regeneration::Differs(byte) => {
                            self.damage(name, &format!("it differs from what the trail gives, from byte {byte} on"));
                        }
                    }
                }
                Ok(Some(files))
            }
            Err(Unmade::Impossible(reason)) => {
                self.fact(format!("not regenerated: {reason}"));
                Ok(None)
            }
            Err(Unmade::Contradiction(reason)) => {
                self.damage("contradiction", &reason);
                Ok(None)
            }
            Err(Unmade::Unread(error)) => Err(unread(error)),
        }
    }

    fn unread(&mut self, path: &Utf8Path, error: VerifyError) -> Result<(), Failure> {
        match error {
            VerifyError::Damage(damage) => {
                self.title(path, "trail");
                let place = format!("byte {}: row {}: {}", damage.offset, damage.row, damage.kind);
                self.damage(damage.kind.name(), &place);
                Ok(())
            }
            other => Err(unread(other)),
        }
    }

    fn against(&mut self, path: &Utf8Path, earlier: &Utf8Path) -> Result<(), Failure> {
        let found = match extension(path, earlier) {
            Ok(found) => found,
            Err(VerifyError::Damage(damage)) => {
                self.damage("extends", &format!("one of both is damaged: {damage}"));
                return Ok(());
            }
            Err(other) => return Err(unread(other)),
        };
        match found {
            Extension::Same => self.fact(format!("extends `{earlier}`: equal")),
            Extension::Appended(rows) => self.fact(format!("extends `{earlier}`: {rows} rows appended")),
            Extension::Cut(rows) => self.no(format!("does not extend `{earlier}`: {rows} of its rows are missing")),
            Extension::Fork(row) => self.no(format!("does not extend `{earlier}`: other rows from row {row} on")),
        }
        Ok(())
    }

    fn title(&mut self, path: &Utf8Path, kind: &str) {
        self.lines.push(escaped_line(&format!("{path}: {kind}")));
    }

    fn fact(&mut self, text: String) {
        self.lines.push(format!("  {}", escaped_line(&text)));
    }

    /// An answer that is no, of a file that is not damaged.
    fn no(&mut self, text: String) {
        self.fact(text);
        self.code = ExitCode::strongest([self.code, ExitCode::No]);
    }

    fn damage(&mut self, class: &str, text: &str) {
        self.fact(format!("damage [{class}] {text}"));
        self.code = ExitCode::Damaged;
    }
}

/// Where the workspace of a run is looked for, in every folder above: where the run lies, and where this was typed.
pub(crate) fn beginnings(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    // The folder of a trail that was named without one is this one.
    let folder = if folder.as_str().is_empty() { Utf8Path::new(".") } else { folder };
    [folder.canonicalize_utf8().ok(), environment::current_directory().ok()].into_iter().flatten().collect()
}

/// The gold in a file.
pub(crate) fn gold_in(file: &Utf8Path) -> Result<GoldDocument, String> {
    let bytes = read_regular_file(file, LARGEST_COMMITTED).map_err(|error| error.to_string())?;
    let text = std::str::from_utf8(&bytes).map_err(|error| format!("`{file}` is no gold: {error}"))?;
    GoldDocument::parse(text).map_err(|error| format!("`{file}` is no gold: {error}"))
}

/// The anchor in the gold of the trail's calibration.
struct Accepted {
    file: Utf8PathBuf,
    anchor: Anchor,
    gold: GoldDocument,
    /// Whether the declaration fails another trail.
    exact: bool,
}

impl Accepted {
    /// The gold that is named, or that of the workspace that the trail lies in, or else of the one this was typed in: that of
    /// a target directory elsewhere, or of an artifact that was downloaded. Looked for in every folder above.
    fn of(trail: &Utf8Path, header: &TrailHeader, named: Option<&Utf8Path>) -> Option<Self> {
        let folder: String = serde_json::from_str(header.field("gold_dir")?).ok()?;
        let inside = |part: Utf8Component<'_>| matches!(part, Utf8Component::Normal(_));
        let file = Utf8Path::new(&folder).join(format!("{}.json", header.calibration));
        if !file.components().all(inside) {
            return None;
        }
        let above = |folder: &Utf8Path| {
            folder
                .ancestors()
                .find_map(|folder| gold_in(&folder.join(&file)).ok())
                .filter(|gold| gold.calibration == header.calibration)
        };
        let (file, gold) = match named {
            Some(named) => (named.to_owned(), gold_in(named).ok()?),
            None => {
                let here = || above(&environment::current_directory().ok()?);
                let gold = above(trail.canonicalize_utf8().ok()?.parent()?).or_else(here)?;
                (file, gold)
            }
        };
        let exact = header.field("anchor") == Some("\"exact\"");
        Some(Self { file, anchor: gold.anchor.clone()?, gold, exact })
    }

    /// The gold with the tolerances that the run declared.
    fn beside(self, header: &TrailHeader) -> Option<(GoldDocument, Acceptance)> {
        let declared = Declaration::recorded(&header.calibration, &header.declaration.0, &header.constraints);
        Some((self.gold, declared.ok()?.acceptance))
    }
}

fn unread(error: VerifyError) -> Failure {
    match &error {
        VerifyError::File(file) if !file.kind.is_of_the_disk() => Failure::usage(error.to_string()),
        _ => Failure::internal(error.to_string()),
    }
}
