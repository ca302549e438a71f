//! A memory cell whose margins, leakage and delay pull in different directions.

use serde_json::json;

use super::Corner;
use super::power::square;
use crate::objective::{Evaluation, ParamError, ParamSpace, Params, Target, TargetError};

/// Joules per kelvin.
const BOLTZMANN: f64 = 1.380649e-23;
/// Coulombs.
const ELECTRON_CHARGE: f64 = 1.602176634e-19;
/// Amperes through a device of equal width and length at threshold.
const LEAKAGE_AT_THRESHOLD: f64 = 3e-6;
/// How far the gate is from controlling the channel alone.
const SUBTHRESHOLD_SLOPE: f64 = 1.3;
/// Square metres per volt and second.
const MOBILITY: f64 = 0.04;
/// Farads per square metre.
const OXIDE_CAPACITANCE: f64 = 2e-3;
/// Farads.
const BITLINE_CAPACITANCE: f64 = 100e-15;

/// A six-transistor memory cell in closed form, judged by its worst corner. A toy with a realistic shape, no device model.
///
/// Fitness: worst read margin plus worst write margin (mV), less 50 per nA of leakage and 5 per ns of read delay. There
/// are no samples to count. Low thresholds leak, high ones read slowly, and what
/// makes the pull-down strong for reading makes it leak.
///
/// ```
/// use omega_lock::keyholes::{Corner, SramBitcell};
/// use omega_lock::Target;
///
/// let typical = SramBitcell::with_corners(&[Corner::TT]);
/// let all = SramBitcell::new();
/// let neutral = all.space().neutral();
/// let fitness = |cell: &SramBitcell| cell.evaluate(&neutral).unwrap().fitness;
/// assert!(fitness(&all) < fitness(&typical));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SramBitcell {
    corners: Vec<Corner>,
}

/// What one corner says.
struct Figures {
    read_snm_mv: f64,
    write_margin_mv: f64,
    leakage_na: f64,
    read_delay_ns: f64,
}

/// Voltages and widths of one parameter set.
struct Cell {
    vdd: f64,
    vth_n: f64,
    vth_p: f64,
    pull_down: f64,
    pull_up: f64,
    length_nm: f64,
}

impl SramBitcell {
    /// The cell over all five corners.
    pub fn new() -> Self {
        Self::with_corners(&Corner::ALL)
    }

    /// The cell over these corners, in this order. Without any, every evaluation is an error.
    pub fn with_corners(corners: &[Corner]) -> Self {
        Self { corners: corners.to_vec() }
    }

    /// The corners that are judged.
    pub fn corners(&self) -> &[Corner] {
        &self.corners
    }
}

impl Default for SramBitcell {
    fn default() -> Self {
        Self::new()
    }
}

impl Target for SramBitcell {
    fn space(&self) -> ParamSpace {
        ParamSpace::new()
            .float("vdd", 0.6..=1.2, 0.9)
            .float("vth_n", 0.2..=0.5, 0.35)
            .float("vth_p", 0.2..=0.5, 0.35)
            .float("w_ratio_pd", 1.0..=4.0, 2.0)
            .float("w_ratio_pu", 0.5..=2.0, 1.0)
            .float("l_channel", 20.0..=100.0, 40.0)
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        let cell = Cell::of(params)?;
        let figures: Vec<Figures> = self.corners.iter().map(|&corner| cell.at(corner)).collect();
        let Some(worst) = Figures::worst(&figures) else {
            return Err(TargetError::new("no corner to evaluate"));
        };
        let fitness = worst.read_snm_mv + worst.write_margin_mv - 50.0 * worst.leakage_na - 5.0 * worst.read_delay_ns;
        let per_corner: Vec<serde_json::Value> = self
            .corners
            .iter()
            .zip(&figures)
            .map(|(corner, figures)| {
                json!({
                    "corner": corner.name(),
                    "read_snm_mv": figures.read_snm_mv,
                    "write_margin_mv": figures.write_margin_mv,
                    "leakage_na": figures.leakage_na,
                    "read_delay_ns": figures.read_delay_ns,
                })
            })
            .collect();
        Ok(Evaluation::new(fitness)
            .with_metric("read_snm_mv_worst", worst.read_snm_mv)
            .with_metric("write_margin_mv_worst", worst.write_margin_mv)
            .with_metric("leakage_na_worst", worst.leakage_na)
            .with_metric("read_delay_ns_worst", worst.read_delay_ns)
            .with_metadata("per_corner", per_corner))
    }

    fn identity(&self) -> String {
        let names: Vec<&str> = self.corners.iter().map(|corner| corner.name()).collect();
        format!("sram(corners={})", names.join(","))
    }
}

impl Cell {
    fn of(params: &Params) -> Result<Self, ParamError> {
        Ok(Self {
            vdd: params.float("vdd")?,
            vth_n: params.float("vth_n")?,
            vth_p: params.float("vth_p")?,
            pull_down: params.float("w_ratio_pd")?,
            pull_up: params.float("w_ratio_pu")?,
            length_nm: params.float("l_channel")?,
        })
    }

    fn at(&self, corner: Corner) -> Figures {
        let vdd = self.vdd * corner.supply_factor();
        let vth_n = self.vth_n * corner.threshold_factor();
        let vth_p = self.vth_p * corner.threshold_factor();
        let thermal = BOLTZMANN * corner.temperature() / ELECTRON_CHARGE;
        let cut_off = |vth: f64| ((0.0 - vth) / (SUBTHRESHOLD_SLOPE * thermal)).exp();
        let (cut_off_n, cut_off_p) = (cut_off(vth_n), cut_off(vth_p));
        let shortness = 40.0 / at_least(self.length_nm, 1.0);
        let leak = |width: f64, cut_off: f64| LEAKAGE_AT_THRESHOLD * (width * shortness) * cut_off;
        // Two inverters of a pull-down and a pull-up, and two access transistors of width 1.
        let leakage =
            2.0 * leak(self.pull_down, cut_off_n) + 2.0 * leak(1.0, cut_off_n) + 2.0 * leak(self.pull_up, cut_off_p);
        Figures {
            read_snm_mv: self.read_margin(vdd, vth_n) * 1000.0,
            write_margin_mv: at_least(0.4 * (vdd - vth_p) - 0.15 * self.pull_up, 0.0) * 1000.0,
            leakage_na: leakage * 1e9,
            read_delay_ns: self.read_delay(vdd, vth_n),
        }
    }

    /// Volts.
    fn read_margin(&self, vdd: f64, vth_n: f64) -> f64 {
        if self.pull_down <= 0.0 {
            return 0.0;
        }
        let strength = (self.pull_down - 1.0) / (self.pull_down + 1.0);
        at_least(0.9 * (vdd - vth_n) * strength, 0.0)
    }

    /// Nanoseconds until the read current has discharged the bitline.
    fn read_delay(&self, vdd: f64, vth_n: f64) -> f64 {
        let overdrive = at_least(vdd - vth_n, 0.0);
        let current = 0.5 * MOBILITY * OXIDE_CAPACITANCE * self.pull_down * square(overdrive);
        BITLINE_CAPACITANCE * vdd / at_least(current, 1e-15) * 1e9
    }
}

impl Figures {
    /// The smallest margins, the largest leakage and delay; `None` without any.
    fn worst(corners: &[Self]) -> Option<Self> {
        let fold = |figure: fn(&Self) -> f64, displaces: fn(f64, f64) -> bool| {
            corners.iter().map(figure).reduce(|worst, next| if displaces(next, worst) { next } else { worst })
        };
        let smaller = |next: f64, worst: f64| next < worst;
        let larger = |next: f64, worst: f64| next > worst;
        Some(Self {
            read_snm_mv: fold(|figures| figures.read_snm_mv, smaller)?,
            write_margin_mv: fold(|figures| figures.write_margin_mv, smaller)?,
            leakage_na: fold(|figures| figures.leakage_na, larger)?,
            read_delay_ns: fold(|figures| figures.read_delay_ns, larger)?,
        })
    }
}

/// Python's `max(floor, value)`: the floor unless the value is larger, so a NaN becomes the floor.
fn at_least(value: f64, floor: f64) -> f64 {
    if value > floor { value } else { floor }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The Python package's demo target at its neutral parameters. Only with glibc, because of the exponentials.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[test]
    fn the_neutral_cell_has_the_reference_figures() {
        let cell = SramBitcell::new();
        let evaluation = cell.evaluate(&cell.space().neutral()).unwrap();
        assert_eq!(evaluation.fitness, -93.8598700275721);
        assert_eq!(evaluation.samples, 0);
        assert_eq!(evaluation.metadata["read_snm_mv_worst"], 127.5);
        assert_eq!(evaluation.metadata["write_margin_mv_worst"], 20.000000000000046);
        assert_eq!(evaluation.metadata["leakage_na_worst"], 4.26664376733345);
        assert_eq!(evaluation.metadata["read_delay_ns_worst"], 5.60553633217993);
        assert_eq!(evaluation.metadata["per_corner"][3]["corner"], "FS");
    }

    #[test]
    fn no_corner_is_an_error_and_no_fitness() {
        let cell = SramBitcell::with_corners(&[]);
        let error = cell.evaluate(&cell.space().neutral()).unwrap_err();
        assert_eq!(error.reason(), "no corner to evaluate");
    }

    #[test]
    fn the_identity_names_the_corners() {
        assert_eq!(SramBitcell::new().identity(), "sram(corners=TT,FF,SS,FS,SF)");
    }
}
