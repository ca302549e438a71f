//! A declaration is what was written down, whichever way it is written: as fields, as omega.lock, as omega.toml.
//!
//! The declarations are random, from a seed that a failure names. The library's own generator draws them: a crate for
//! properties would shrink a failure to a smaller one, which a declaration of sixty independent fields does not need.

use omega_lock::internals::declaration::{
    Acceptance, AnchorRule, BaseOrigin, Better, Declaration, DeclarationFile, Lock, LockEntry, Program, Protocol,
    Requirement, Ship, ShipFormat, Tolerance, keys, keys_called,
};
use omega_lock::internals::gates::{Decides, HoldoutMode, HoldoutRule, StrictRules, Thresholds};
use omega_lock::internals::search::tpe::TpeSampler;
use omega_lock::prelude::*;
use omega_lock::{Constraint, Generator, Op, ParamSpec, StressOptions, Value};
use omega_toml::omega_toml;

#[path = "support/omega_toml.rs"]
mod omega_toml;

const DECLARATIONS: u64 = 300;
/// What may be missing from a declaration.
const SOMETIMES: [&str; 10] = [
    "ship.",
    "base",
    "stress.",
    "roles.",
    "tolerance.",
    "constraint.",
    "walk_forward.consultations",
    "worker.",
    "gates.trade_count_min_test",
    "recheck.",
];

struct Draw(Generator);

impl Draw {
    fn number(&mut self) -> f64 {
        let power = self.0.integers(-12, 12) as i32;
        self.pick(&[0.0, 1.0, -0.5, 1e-7, self.0.clone().normal(0.0, 1.0) * 10f64.powi(power)])
    }

    fn within(&mut self, low: f64, high: f64) -> f64 {
        self.0.uniform(low, high)
    }

    fn count(&mut self, least: i64) -> u64 {
        let most = self.pick(&[least + 1, least + 10, i64::from(u32::MAX)]);
        self.0.integers(least, most).unsigned_abs()
    }

    fn size(&mut self, least: usize, most: usize) -> usize {
        least + self.0.integers(0, (most - least) as i64).unsigned_abs() as usize
    }

    fn coin(&mut self) -> bool {
        self.0.integers(0, 1) == 1
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.0.integers(0, from.len() as i64 - 1)).expect("small")].clone()
    }

    fn maybe<T>(&mut self, of: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.coin().then(|| of(self))
    }

    fn space(&mut self) -> ParamSpace {
        let names = ["x", "x.low", "größe in µm", "a = \"b\"", "place", "tab#le.kind", "[y]"];
        let mut space = ParamSpace::new();
        for name in &names[..self.size(1, names.len())] {
            let (low, width) = (self.number(), self.within(0.5, 9.0));
            let whole = self.0.integers(-50, 50);
            let spec = match self.size(0, 7) {
                6 => ParamSpec::float(*name, low..=low + 4.0, low).step(0.125),
                7 => ParamSpec::int(*name, whole..=whole + 9, whole + 3).step(3),
                0 => ParamSpec::float(*name, low..=low + width * low.abs().max(1.0), low),
                1 => ParamSpec::log_float(*name, 1e-4..=width, 0.25),
                2 => ParamSpec::int(*name, whole..=whole + 9, whole + 3),
                3 => ParamSpec::log_int(*name, 1..=64, 8),
                4 => ParamSpec::bool(*name, self.coin()),
                _ => ParamSpec::choice(*name, ["l1", "l\"2\u{7f}", "off", "true"], "off"),
            };
            space = space.param(if self.coin() { spec.suppressed() } else { spec });
        }
        space
    }

    /// Every parameter somewhere else than at its neutral value, where it can be.
    fn base(&mut self, space: &ParamSpace) -> Params {
        let mut base = space.neutral();
        for spec in space.specs() {
            let value = match spec.neutral() {
                Value::Float(value) => spec.clip(value + self.pick(&[0.0, 0.125, 1e-9])),
                Value::Int(value) if spec.step.is_some() => Value::Int(value + 3),
                Value::Int(value) => Value::Int(value + 1),
                Value::Bool(value) => Value::Bool(!value),
                _ => Value::from("l\"2\u{7f}"),
            };
            base = base.with(&spec.name, value).expect("a parameter");
        }
        base
    }

    fn search(&mut self) -> SearchMethod {
        let (points_per_axis, rounds) = (self.size(2, 9), self.size(1, 5));
        match self.size(0, 5) {
            0 => SearchMethod::Grid { points_per_axis },
            1 => SearchMethod::Zoom { points_per_axis, rounds, factor: self.within(0.1, 0.9) },
            2 => SearchMethod::Random { samples: self.count(1), seed: self.count(0) },
            3 => {
                let (batch, sampler) = (self.size(1, 64) as u64, self.pick(&TpeSampler::ALL));
                SearchMethod::Tpe { trials: self.count(1), seed: self.count(0), batch, sampler }
            }
            4 => SearchMethod::Study { file: "studies/ä \"b\".json".to_owned(), digest: self.count(0).to_string() },
            _ => SearchMethod::Own { name: "swarm, 20 of \"them\"".to_owned() },
        }
    }

    fn config(&mut self, space: &ParamSpace) -> RunConfig {
        let profile = self.pick(&Profile::ALL);
        let names: Vec<String> = space.specs().iter().map(|spec| spec.name.clone()).collect();
        let mut config = RunConfig {
            profile,
            unlock_k: self.size(1, 9),
            leave_out_suppressed: self.coin(),
            search: self.search(),
            walk_forward_top_n: self.size(2, 40),
            sample_ratio_scale: self.within(0.1, 3.0),
            thresholds: Thresholds {
                time_box_seconds: self.within(0.0, 1e6),
                gini_min: self.within(-1.0, 1.0),
                top_bot_ratio_min: self.within(0.0, 4.0),
                min_nonzero_stress_count: self.maybe(|draw| draw.count(0)),
                samples_min: self.maybe(|draw| draw.count(0)),
                samples_min_test: self.maybe(|draw| draw.count(0)),
                pearson_min: self.within(-1.0, 1.0),
                sample_ratio_min: self.maybe(|draw| draw.within(0.0, 2.0)),
            },
            sc2: self.coin(),
            sc2_seed: self.count(0),
            constraint_policy: self.pick(&ConstraintPolicy::ALL),
            holdout: HoldoutRule {
                mode: self.pick(&HoldoutMode::ALL),
                min_fitness: self.maybe(Self::number),
                min_sample_ratio: self.maybe(Self::number),
            },
            stress: StressOptions {
                subset: self.maybe(|draw| names[..draw.size(1, names.len())].to_vec()),
                epsilons: names.iter().filter(|_| self.coin()).map(|name| (name.clone(), 0.125)).collect(),
            },
            base_params: self.maybe(|draw| draw.base(space)),
            rounds: self.maybe(|draw| Rounds {
                max: draw.size(1, 9),
                stop_on_kc_fail: draw.coin(),
                min_improvement: draw.number(),
            }),
            max_failed_evaluations: self.count(0),
            keep_attachments: self.coin(),
            ..RunConfig::of(profile)
        };
        if config.is_study() && profile == Profile::Reference {
            config.search = SearchMethod::Grid { points_per_axis: 3 };
        }
        if profile == Profile::Strict {
            config.null_declared = self.coin();
            self.strict(&mut config.strict);
            config.blocks = self.maybe(|draw| draw.size(5, 10_000) as u64);
            if config.blocks.is_some() {
                config.strict.margin_alpha = self.within(0.001, 0.5);
                config.strict.transfer.decides = self.pick(&Decides::ALL);
            }
            if config.is_study() {
                config.rounds = None;
                config.strict.study_trials = self.count(1).min(100_000);
                config.strict.study_tolerance = self.within(0.0, 1.0);
            }
        }
        config
    }

    fn strict(&mut self, rules: &mut StrictRules) {
        rules.seed = self.count(0);
        rules.correlation = self.pick(&Decides::ALL);
        rules.min_distinct = self.count(0);
        rules.min_improvement = self.number();
        rules.max_drop = self.maybe(|draw| draw.within(0.0, 5.0));
        rules.transfer.alpha = self.within(0.001, 0.5);
        rules.transfer.rank_points = self.size(2, 90);
        rules.transfer.lead_top = self.size(1, 30);
        rules.transfer.lead_draws = self.size(1, 60);
        rules.transfer.permutations = self.size(1, 99_999);
        rules.null.runs = self.count(99);
        rules.null.alpha = self.within(0.01, 0.5);
        rules.noise = self.within(0.0, 1.0);
    }

    fn acceptance(&mut self) -> Acceptance {
        let metrics = ["a.b", "evaluations", "größe", "train_fitness"];
        let mut tolerances = Vec::new();
        for metric in &metrics[..self.size(0, metrics.len())] {
            let exact = self.coin();
            let own = Tolerance::of_metric(metric);
            // What is exact has no distance of its own.
            let (absolute, relative) =
                if exact { (own.absolute, own.relative) } else { (self.within(0.0, 1.0), self.within(0.0, 1.0)) };
            tolerances
                .push(((*metric).to_owned(), Tolerance { absolute, relative, exact, better: self.pick(&Better::ALL) }));
        }
        let (lock, gold) = (self.pick(&Requirement::ALL), self.pick(&Requirement::ALL));
        let both = [lock, gold] == [Requirement::Required; 2];
        Acceptance {
            lock,
            gold,
            base: if both { self.pick(&BaseOrigin::ALL) } else { BaseOrigin::Declared },
            gold_dir: self.pick(&["fixtures/gold".to_owned(), "accepted/größe".to_owned()]),
            anchor: self.pick(&AnchorRule::ALL),
            tolerances,
            looks: self.maybe(|draw| draw.count(0)),
            consultations: self.coin(),
            // In JSON any name of a parameter is one.
            ship: self.maybe(Self::ship).filter(|_| gold == Requirement::Required),
            recheck_max_age_days: self.maybe(|draw| draw.count(1).clamp(1, 3650)).filter(|_| both),
        }
    }

    /// Of a parameter that every space has.
    fn ship(&mut self) -> Ship {
        let x = |said: &str| vec![("x".to_owned(), said.to_owned())];
        let (names, keys) = if self.coin() { (x("größe \"x\""), Vec::new()) } else { (Vec::new(), x("a.b")) };
        let file = self.pick(&["größe/tuned.json".to_owned(), "tuned.json".to_owned()]);
        Ship { file, format: Some(ShipFormat::Json), names, keys }
    }

    fn program(&mut self) -> Program {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        Program {
            command: Some(words(&["python3", "größe \"a\".py"])),
            protocol: self.pick(&[Protocol::Worker, Protocol::Once]),
            launcher: self.maybe(|_| words(&["srun", "-n1"])),
            inputs: self.maybe(|_| words(&["**/*.py"])),
            pass: self.maybe(|_| words(&["DATA"])),
            set: self
                .maybe(|_| vec![("A.B".to_owned(), "\n".to_owned()), ("C".to_owned(), String::new())])
                .unwrap_or_default(),
            evaluation_timeout: self.maybe(|draw| draw.within(0.1, 900.0)),
            repeats: self.count(1).min(10_000),
            null: self.maybe(|_| "{\"permute\":true}".to_owned()),
            ..Program::default()
        }
    }

    fn declaration(&mut self) -> Declaration {
        let space = self.space();
        let mut declaration = Declaration::new("a", self.config(&space), space);
        declaration.acceptance = self.acceptance();
        if declaration.config.base_params.is_some() {
            // In omega.toml the one is a word and the other a table.
            declaration.acceptance.base = BaseOrigin::Declared;
        }
        for name in &["margin", "c", "z-1"][..self.size(0, 3)] {
            let metric = self.pick(&["fitness", "samples", "metadata.größe mV", "params.x.low"]);
            let constraint = Constraint::typed(*name, metric, self.pick(&Op::ALL), self.number());
            let elsewhere = [Role::Test, Role::Validation, Role::Holdout];
            let slices = elsewhere[..self.size(0, elsewhere.len())].iter();
            declaration.constraints.push(slices.fold(constraint, |typed, role| typed.on(*role, self.number())));
        }
        let identities = [(Role::Train, ""), (Role::Test, "a = \"b\"\n"), (Role::Holdout, "größe")];
        let roles = identities[..self.size(1, identities.len())].iter();
        declaration.roles = roles.map(|(role, identity)| (*role, (*identity).to_owned())).collect();
        declaration.program = self.maybe(Self::program);
        if declaration.config.profile == Profile::Strict && !declaration.config.is_study() && self.coin() {
            self.windows(declaration)
        } else {
            declaration
        }
    }

    /// The same over windows, whose data omega.toml says by a table each.
    fn windows(&mut self, mut declaration: Declaration) -> Declaration {
        declaration.config.rounds = None;
        declaration.config.strict.windows.alpha = self.within(0.001, 0.5);
        declaration.config.strict.windows.min = self.size(2, 4) as u64;
        let part = |of: usize| {
            let target = FnTarget::new(ParamSpace::new(), |_| Err(TargetError::new("never asked")));
            target.identified_as(serde_json::json!({ "part": of, "größe": "a = \"b\"" }).to_string())
        };
        for window in 0..self.size(4, 12) {
            declaration = declaration.with_window(&part(window), &part(window + 1));
        }
        declaration
    }
}

fn declarations() -> impl Iterator<Item = (u64, Declaration)> {
    (0..DECLARATIONS).map(|seed| (seed, Draw(Generator::new(seed)).declaration()))
}

fn same(found: &Declaration, expected: &Declaration, seed: u64) {
    assert_eq!(found.fields(), expected.fields(), "seed {seed}");
    assert_eq!(found.config, expected.config, "seed {seed}");
    assert_eq!(found.space, expected.space, "seed {seed}");
    assert_eq!(found.acceptance, expected.acceptance, "seed {seed}");
    assert_eq!(found.roles, expected.roles, "seed {seed}");
    assert_eq!(found.program, expected.program, "seed {seed}");
    assert_eq!(found.windows, expected.windows, "seed {seed}");
    assert_eq!(format!("{:?}", found.constraints), format!("{:?}", expected.constraints), "seed {seed}");
}

#[test]
fn a_declaration_is_read_back_from_its_fields() {
    for (seed, mut declaration) in declarations() {
        assert!(declaration.check().is_ok(), "seed {seed}: {:?}", declaration.check());
        let pairs = |declaration: &Declaration| {
            declaration.fields().into_iter().map(|field| (field.key, field.value)).collect::<Vec<_>>()
        };
        let names = |declaration: &Declaration| {
            declaration.constraints.iter().map(|constraint| constraint.name.clone()).collect::<Vec<_>>()
        };
        let read = Declaration::recorded("a", &pairs(&declaration), &names(&declaration)).expect("its own fields");
        same(&read, &declaration, seed);
        // Of a closure the name is kept.
        declaration.constraints.push(Constraint::opaque("shape", |_, _| true));
        let read = Declaration::recorded("a", &pairs(&declaration), &names(&declaration)).expect("its own fields");
        assert_eq!(read.digest(), declaration.digest(), "seed {seed}");
        // A field that is always there and is not, or one that nobody knows, is of another version.
        let mut fields = pairs(&declaration);
        let mut always: Vec<usize> = (0..fields.len()).collect();
        always.retain(|place| {
            let key = &fields[*place].0;
            !SOMETIMES.iter().any(|table| key.starts_with(table)) && !key.ends_with(".step")
        });
        let gone = fields.remove(always[usize::try_from(seed).expect("small") % always.len()]);
        let less = Declaration::recorded("a", &fields, &names(&declaration));
        assert!(less.is_err(), "seed {seed}: without `{}`", gone.0);
        fields.extend([gone, ("gates.surprise".to_owned(), "1".to_owned())]);
        assert!(Declaration::recorded("a", &fields, &names(&declaration)).is_err(), "seed {seed}");
    }
}

#[test]
fn a_declaration_is_read_back_from_omega_lock() {
    for (seed, declaration) in declarations() {
        let lock = Lock::new([LockEntry { calibration: "a".to_owned(), fields: declaration.fields() }]);
        assert_eq!(Lock::parse(&lock.text()).expect("a lock"), lock, "seed {seed}: {}", lock.text());
    }
}

#[test]
fn a_declaration_is_read_back_from_omega_toml_and_what_code_and_target_say() {
    for (seed, declaration) in declarations() {
        let text = omega_toml(&declaration);
        let file = DeclarationFile::parse(&text).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{text}"));
        let settings = file.settings("a").expect("its table");
        let code = RunConfig {
            null_declared: declaration.config.null_declared,
            search: match &declaration.config.search {
                own @ SearchMethod::Own { .. } => own.clone(),
                // Which study it is, the file itself says.
                SearchMethod::Study { digest, .. } => {
                    SearchMethod::Study { file: "another.json".to_owned(), digest: digest.clone() }
                }
                _ => SearchMethod::Grid { points_per_axis: 3 },
            },
            ..RunConfig::of(declaration.config.profile)
        };
        let mut read = Declaration::new("a", code, declaration.space.clone());
        read.roles.clone_from(&declaration.roles);
        file.apply(&mut read);
        if let (Some(program), Some(declared)) = (&mut read.program, &declaration.program) {
            program.null.clone_from(&declared.null);
        }
        assert_eq!(settings.inapplicable(&read), None, "seed {seed}");
        settings.apply_base(&mut read).expect("parameters of the space");
        read.constraints = settings.constraints().to_vec();
        same(&read, &declaration, seed);
        assert_eq!(omega_toml(&read), text, "seed {seed}");
    }
}

#[test]
fn the_declarations_between_them_use_every_key() {
    let mut unused: Vec<&str> = keys().iter().map(|key| key.name()).collect();
    for (_, declaration) in declarations() {
        for field in declaration.fields() {
            let row = keys_called(&field.key).next().expect("every field has a row");
            unused.retain(|name| *name != row.name());
        }
    }
    // The preset is no field, and a closure comes in by the test that needs one. How many processes evaluate is in no digest.
    let settings = ["worker.processes", "worker.silence_timeout", "worker.lost_retries"];
    assert_eq!(unused, [["gates.preset", "constraint.<name>.opaque"].as_slice(), &settings].concat());
}
