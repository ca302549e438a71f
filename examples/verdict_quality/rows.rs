//! Every row of the study, by name.

use std::sync::Arc;

use super::fields::{Baseline, Common, Field, Luck, Smooth};
use super::judge::{Basis, By, Question, Situation};
use super::keyholes::{Keyhole, Studied};
use super::returns::{Days, Returns};

/// What a share of passes is held against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Bound {
    /// There is nothing to find: at most so many in a hundred pass.
    AtMost(f64),
    /// There is something to find: at least so many pass.
    AtLeast(f64),
    /// It is measured, and told.
    Told,
}

/// One situation, asked in one way.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) situation: Arc<dyn Situation>,
    pub(crate) asked: Question,
    pub(crate) bound: Bound,
}

/// The series of returns that there are, by name.
pub(crate) type Series = (&'static str, Arc<Vec<f64>>);

/// All rows, those with nothing to find first.
pub(crate) fn rows(series: &[Series], studies: Option<&str>) -> Vec<Row> {
    let mut rows = Rows(Vec::new());
    rows.noise();
    rows.shared_without_skill();
    rows.dependent_or_wild();
    for (name, days) in series {
        rows.returns(name, days);
    }
    rows.tries();
    rows.skill();
    rows.keyholes();
    rows.windows();
    rows.studies(studies);
    rows.0
}

struct Rows(Vec<Row>);

/// Without blocks and without a null version.
const NEITHER: (Basis, Bound) = (Basis::Neither, Bound::AtMost(8.0));
const NULL: (Basis, Bound) = (Basis::Null, Bound::AtMost(5.0));
const BLOCKS: (Basis, Bound) = (Basis::Blocks, Bound::AtMost(5.0));

impl Rows {
    fn add(&mut self, name: &str, by: By, situation: impl Situation + 'static, asked: &[(Basis, Bound)]) {
        self.add_tries(name, by, situation, asked, 1);
    }

    fn add_tries(
        &mut self,
        name: &str,
        by: By,
        situation: impl Situation + 'static,
        asked: &[(Basis, Bound)],
        tries: u32,
    ) {
        let situation: Arc<dyn Situation> = Arc::new(situation);
        for (basis, bound) in asked {
            self.0.push(Row {
                name: format!("{name}, {}: {}", by.name(), basis.name()),
                situation: Arc::clone(&situation),
                asked: Question { by, basis: *basis, tries },
                bound: *bound,
            });
        }
    }

    fn windows(&mut self) {
        let none = [(Basis::Windows, Bound::AtMost(5.0)), (Basis::WindowsAlone, Bound::AtMost(5.0))];
        let smooth = [(0.3, ".3", 75.0), (1.0, "1", 70.0)];
        self.add("windows, noise, independent", By::Grid, Field::noise(Smooth::Independent), &none);
        for (length, word, least) in smooth {
            for by in [By::Grid, By::Tpe] {
                self.add(&format!("windows, noise, length {word}"), by, Field::noise(Smooth::Over(length)), &none);
            }
            let some = [(Basis::Windows, Bound::AtLeast(least)), (Basis::WindowsAlone, Bound::Told)];
            let shared = Field::shared(Smooth::Over(length), 0.8);
            self.add(&format!("windows, rho .8, length {word}"), By::Grid, shared, &some);
        }
        let kind = Field { beside: Common::BadRegion(5.0), ..Field::noise(Smooth::Over(0.3)) };
        self.add("windows, shared bad region of 5 sd", By::Grid, kind, &none);
        let kind = Field { beside: Common::BadBaseline(2.0), ..Field::noise(Smooth::Over(0.3)) };
        self.add("windows, baseline 2 sd below all others", By::Grid, kind, &none);
    }

    /// A study in the place of a search, which no null version is asked of.
    fn studies(&mut self, folder: Option<&str>) {
        let noise = [BLOCKS, (Basis::Neither, Bound::AtMost(5.0))];
        for by in [By::StudyOfDraws, By::StudyOfTpe] {
            self.add("noise, independent", by, Field::noise(Smooth::Independent), &noise);
            for (length, word) in [(0.3, ".3"), (1.0, "1")] {
                self.add(&format!("noise, length {word}"), by, Field::noise(Smooth::Over(length)), &noise);
            }
        }
        let some = [(Basis::Blocks, Bound::AtLeast(90.0)), (Basis::Neither, Bound::Told)];
        for by in [By::StudyOfDraws, By::StudyOfTpe] {
            self.add("phantom keyhole", by, Keyhole::Phantom, &some);
        }
        if let Some(folder) = folder {
            let of = Studied { folder: folder.to_owned() };
            self.add("phantom keyhole", By::StudyOfOptuna, of, &some);
        }
    }

    fn noise(&mut self) {
        let asked = [BLOCKS, NULL, NEITHER];
        let independent = [BLOCKS, NULL, (Basis::Neither, Bound::AtMost(5.0))];
        for by in [By::Grid, By::Random, By::Zoom, By::Tpe, By::Own] {
            self.add("noise, independent", by, Field::noise(Smooth::Independent), &independent);
            for (length, word) in [(0.1, ".1"), (0.3, ".3"), (1.0, "1")] {
                self.add(&format!("noise, length {word}"), by, Field::noise(Smooth::Over(length)), &asked);
            }
        }
        for (parameters, word) in [(1, "one parameter"), (2, "two parameters"), (5, "five parameters")] {
            for (length, of) in [(0.3, ".3"), (1.0, "1")] {
                let kind = Field { parameters, unlocked: parameters, ..Field::noise(Smooth::Over(length)) };
                self.add(&format!("noise, {word}, length {of}"), By::Random, kind, &asked);
            }
        }
        let five = Field { parameters: 5, ..Field::noise(Smooth::Over(0.3)) };
        for by in [By::Random, By::Iterative] {
            self.add("noise, five parameters, three unlocked, length .3", by, five, &asked);
        }
        for by in [By::Random, By::Zoom, By::Tpe] {
            let line = Field { parameters: 1, unlocked: 1, ..Field::noise(Smooth::Line) };
            self.add("noise, one parameter, lines of random slope", by, line, &asked);
        }
        for (baseline, word) in [(Baseline::Anywhere, "anywhere"), (Baseline::Corner, "in a corner")] {
            for (length, of) in [(0.3, ".3"), (1.0, "1")] {
                let kind = Field { baseline, ..Field::noise(Smooth::Over(length)) };
                self.add(&format!("noise, length {of}, baseline {word}"), By::Grid, kind, &asked);
            }
        }
    }

    fn shared_without_skill(&mut self) {
        let smooth = Field::noise(Smooth::Over(0.3));
        let dropped = (Basis::NullDestroyed, Bound::Told);
        for (sd, word) in [(2.0, "2"), (5.0, "5"), (10.0, "10")] {
            let kind = Field { beside: Common::BadRegion(sd), ..smooth };
            self.add(&format!("shared bad region of {word} sd"), By::Grid, kind, &[BLOCKS, NULL, dropped, NEITHER]);
        }
        for (sd, word) in [(1.0, "1"), (2.0, "2"), (4.0, "4")] {
            let kind = Field { beside: Common::BadBaseline(sd), ..smooth };
            let asked = [BLOCKS, (Basis::Null, Bound::Told), (Basis::Neither, Bound::Told)];
            self.add(&format!("baseline {word} sd below all others"), By::Grid, kind, &asked);
        }
        let told = (Basis::Blocks, Bound::Told);
        for (steep, word) in [(1.0, "1"), (3.0, "3")] {
            let kind = Field { beside: Common::Exposure(steep), ..smooth };
            let asked = [told, NULL, dropped, (Basis::Neither, Bound::Told)];
            self.add(&format!("shared exposure of {word} sd"), By::Grid, kind, &asked);
        }
        let leaked = Field { beside: Common::Leaked, ..Field::shared(Smooth::Independent, 0.8) };
        let as_before = Bound::AtMost(0.5);
        let asked = [BLOCKS, (Basis::Null, as_before), (Basis::Neither, as_before)];
        self.add("ten leaked candidates among correlation .8", By::Grid, leaked, &asked);
    }

    fn dependent_or_wild(&mut self) {
        let smooth = Field::noise(Smooth::Over(0.3));
        let told = (Basis::Blocks, Bound::Told);
        let neither = (Basis::Neither, Bound::Told);
        for (lag, word) in [(0.3, ".3"), (0.6, ".6")] {
            let kind = Field { lag, ..smooth };
            self.add(&format!("noise, each block repeats {word} of the last"), By::Grid, kind, &[told, NULL, neither]);
        }
        for (share, word) in [(0.005, ".5"), (0.002, ".2")] {
            let kind = Field { luck: Luck::RareLosses(share), ..Field::noise(Smooth::Independent) };
            self.add(&format!("rare large losses, {word} % of days"), By::Grid, kind, &[told, NULL, neither]);
        }
        for (luck, word) in [
            (Luck::Uneven(4.0), "one half four times as wild"),
            (Luck::HeavyTails, "heavy tails (t of 3)"),
            (Luck::WilderTest(3.0), "test three times as wild"),
        ] {
            self.add(
                &format!("noise, length .3, {word}"),
                By::Grid,
                Field { luck, ..smooth },
                &[BLOCKS, NULL, NEITHER],
            );
            let bad = Field { luck, beside: Common::BadBaseline(10.0), ..smooth };
            self.add(&format!("baseline 10 sd below all others, {word}"), By::Grid, bad, &[BLOCKS]);
        }
    }

    fn returns(&mut self, name: &str, days: &Arc<Vec<f64>>) {
        let null = (Basis::Null, Bound::AtMost(3.0));
        let neither = (Basis::Neither, Bound::AtMost(10.0));
        for (how, word, asked) in [
            (Days::RandomSigns, "random signs", [BLOCKS, null, neither]),
            (Days::Shuffled, "days shuffled", [(Basis::Blocks, Bound::Told), null, neither]),
            (Days::Bootstrapped, "block-bootstrapped", [BLOCKS, null, neither]),
            (
                Days::AsTheyWere,
                "as they were",
                [(Basis::Blocks, Bound::Told), (Basis::Null, Bound::Told), (Basis::Neither, Bound::Told)],
            ),
        ] {
            let Some(returns) = Returns::new(days, how) else { continue };
            self.add(&format!("{name}, {word}"), By::Grid, returns, &asked);
        }
    }

    fn tries(&mut self) {
        let asked = [BLOCKS, (Basis::Null, Bound::AtMost(8.0)), NEITHER];
        for (smooth, word) in
            [(Smooth::Independent, "independent"), (Smooth::Over(0.3), "length .3"), (Smooth::Over(1.0), "length 1")]
        {
            self.add_tries(&format!("ten tries, noise, {word}"), By::Random, Field::noise(smooth), &asked, 10);
        }
    }

    fn skill(&mut self) {
        let smooth = [
            (Smooth::Independent, "independent", [28.0, 70.0]),
            (Smooth::Over(0.3), "length .3", [25.0, 72.0]),
            (Smooth::Over(1.0), "length 1", [23.0, 64.0]),
        ];
        let kc2 = (Basis::BlocksAndKc2, Bound::Told);
        for (common, correlation, place) in [(0.5, ".5", 0), (0.8, ".8", 1)] {
            for (smooth, word, bounds) in smooth {
                let null = match (common > 0.5, smooth) {
                    (true, Smooth::Over(0.3)) => Bound::AtLeast(80.0),
                    (true, Smooth::Over(_)) => Bound::AtLeast(42.0),
                    _ => Bound::Told,
                };
                let name = format!("correlation {correlation}, {word}");
                let kind = Field::shared(smooth, common);
                let least = (Basis::Blocks, Bound::AtLeast(bounds[place]));
                self.add(&name, By::Grid, kind, &[least, kc2, (Basis::Null, null), (Basis::Neither, Bound::Told)]);
                let told = [(Basis::Blocks, Bound::Told)];
                self.add(&format!("{name}, 20 blocks"), By::Grid, Field { blocks: 20, ..kind }, &told);
                for (baseline, word) in [(Baseline::Anywhere, "anywhere"), (Baseline::Corner, "in a corner")] {
                    self.add(&format!("{name}, baseline {word}"), By::Grid, Field { baseline, ..kind }, &told);
                }
                for by in [By::Random, By::Zoom, By::Tpe, By::Own] {
                    self.add(&name, by, kind, &told);
                }
                let five = Field { parameters: 5, ..kind };
                self.add(&format!("{name}, five parameters, three unlocked"), By::Iterative, five, &told);
            }
        }
        for (height, word, least) in [(4.0, "4", 60.0), (8.0, "8", 90.0)] {
            let kind = Field { beside: Common::Peak(height), ..Field::noise(Smooth::Independent) };
            let asked = [(Basis::Blocks, Bound::AtLeast(least)), kc2, (Basis::Neither, Bound::Told)];
            self.add(&format!("lone peak of {word} sd"), By::Grid, kind, &asked);
        }
    }

    fn keyholes(&mut self) {
        for by in [By::Grid, By::Random, By::Tpe] {
            let kc2 = (Basis::BlocksAndKc2, Bound::Told);
            let asked = [(Basis::Blocks, Bound::AtLeast(90.0)), kc2];
            self.add("phantom keyhole", by, Keyhole::Phantom, &asked);
            self.add("phantom keyhole, deep", by, Keyhole::PhantomDeep, &asked);
            // Nothing is to be seen there, but most of what fires loses: who fires less is truly better.
            let permuted = [(Basis::Blocks, Bound::Told), NULL, (Basis::Neither, Bound::Told)];
            self.add("phantom keyhole, labels permuted", by, Keyhole::PhantomPermuted, &permuted);
        }
    }
}
