//! The chart: a panel for each operation, a group of bars for each case, a bar for each
//! contender; the height is throughput.

use std::path::Path;

use chaincard_benches::Row;
use plotters::coord::Shift;
use plotters::prelude::*;

use crate::error::CliError;

const PANEL: (u32, u32) = (1000, 300);

/// Around a panel.
const MARGIN: u32 = 8;

/// Left of the bars, for the throughputs.
const SCALE: u32 = 60;

/// Width of the bars and the legend, in bars: the legend stands right of them, inside of the
/// plotting area, which is as far as shapes are drawn.
const WITH_LEGEND: f64 = 1.2;

/// Draws `rows` to an SVG file.
pub(super) fn plot(rows: &[Row], path: &Path) -> Result<(), CliError> {
    let plot_error = |reason: String| CliError::Plot { path: path.to_owned(), reason };
    let operations = distinct(rows.iter().map(|row| row.operation.as_str()));
    let contenders = distinct(rows.iter().map(Row::contender));
    let mut svg = String::new();
    {
        let height = PANEL.1 * operations.len().max(1) as u32;
        let area = SVGBackend::with_string(&mut svg, (PANEL.0, height)).into_drawing_area();
        let drawn = area.fill(&WHITE).map_err(|error| plot_error(error.to_string()));
        drawn?;
        let panels = area.split_evenly((operations.len().max(1), 1));
        for (panel, operation) in panels.iter().zip(&operations) {
            let rows: Vec<&Row> = rows.iter().filter(|row| row.operation == *operation).collect();
            draw(panel, operation, &rows, &contenders)
                .map_err(|error| plot_error(error.to_string()))?;
        }
        area.present().map_err(|error| plot_error(error.to_string()))?;
    }
    std::fs::write(path, svg).map_err(CliError::file(path))
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// Bytes in a message, and threads.
fn case(row: &Row) -> (usize, usize) {
    (row.size, row.threads)
}

fn draw<'a>(
    panel: &DrawingArea<SVGBackend<'a>, Shift>,
    operation: &str,
    rows: &[&Row],
    contenders: &[&str],
) -> Result<(), DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>> {
    let mut cases: Vec<(usize, usize)> = rows.iter().map(|row| case(row)).collect();
    cases.sort_unstable();
    cases.dedup();
    let groups = cases.len().max(1) as f64;
    let group_width = f64::from(PANEL.0 - 2 * MARGIN - SCALE) / (groups * WITH_LEGEND);
    let unit = rows.first().map_or("MB/s", |row| row.throughput().1);
    let fastest = rows.iter().map(|row| row.throughput().0).fold(0.0, f64::max);
    let mut chart = ChartBuilder::on(panel)
        .caption(format!("{operation}, {unit}"), ("sans-serif", 18))
        .margin(MARGIN)
        .x_label_area_size(24)
        .y_label_area_size(SCALE)
        .build_cartesian_2d(0.0..groups * WITH_LEGEND, 0.0..fastest.max(1.0) * 1.05)?;
    let label = |x: &f64| {
        // The axis also has a mark behind the last group.
        let Some(&(size, threads)) = cases.get(*x as usize) else {
            return String::new();
        };
        let size = match size {
            size if rows.iter().any(|row| row.is_of_msm()) => format!("{size} terms"),
            size if size >= 1 << 20 => format!("{} MiB", size >> 20),
            size => format!("{size} B"),
        };
        if threads == 1 { size } else { format!("{size}, {threads} threads") }
    };
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(cases.len() + 1)
        .x_label_formatter(&label)
        .x_label_offset((group_width / 2.0) as i32)
        .draw()?;
    // A contender has the same colour in every panel, and a place only where it takes part.
    let here = distinct(rows.iter().map(|row| row.contender()));
    let width = 0.85 / here.len().max(1) as f64;
    for (place, contender) in here.iter().enumerate() {
        let known = contenders.iter().position(|name| name == contender).unwrap_or_default();
        let colour = Palette99::pick(known).to_rgba();
        let own = rows.iter().filter(|row| row.contender() == *contender);
        let bars: Vec<Rectangle<(f64, f64)>> = own
            .filter_map(|row| {
                let group = cases.iter().position(|&known| known == case(row))?;
                let left = group as f64 + 0.075 + place as f64 * width;
                let corners = [(left, 0.0), (left + width * 0.95, row.throughput().0)];
                Some(Rectangle::new(corners, colour.filled()))
            })
            .collect();
        chart
            .draw_series(bars)?
            .label(*contender)
            .legend(move |(x, y)| Rectangle::new([(x, y - 5), (x + 10, y + 5)], colour.filled()));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .label_font(("sans-serif", 13))
        .draw()
}
