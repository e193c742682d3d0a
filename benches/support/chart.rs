//! The chart of `benches/peers.rs`: a line for each group, a dot on it for each peer, further to the
//! right the more often Syntrap says its verdict in the peer's time. A ring stands for libinjection
//! against Syntrap with no more languages than it reads.

use std::error::Error;
use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::{ALL, Row, SAME};

const LINE: i32 = 24;
const WIDTH: u32 = 1000;
const INK: RGBColor = RGBColor(33, 37, 41);
const FAINT: RGBColor = RGBColor(134, 142, 150);
const GRID: RGBColor = RGBColor(233, 236, 239);
/// Told apart by readers who see fewer colours, too (after Okabe and Ito).
const COLOURS: [RGBColor; 4] =
    [RGBColor(0, 114, 178), RGBColor(230, 159, 0), RGBColor(204, 121, 167), RGBColor(0, 158, 115)];

/// Draws the ratios of the peers, which are those behind Syntrap among the judges.
pub fn draw(path: &Path, judges: &[&str], rows: &[Row]) -> Result<(), Box<dyn Error>> {
    let peers: Vec<usize> = (0..judges.len()).filter(|&judge| judge != ALL && judge != SAME).collect();
    let same = judges.iter().position(|name| *name == "libinjection");
    let kinds = ["benign", "long", "attacks", "adversarial"];
    let ordered: Vec<Option<&Row>> = kinds
        .iter()
        .flat_map(|&kind| {
            std::iter::once(None).chain(rows.iter().filter(move |row| row.kind == kind).map(Some))
        })
        .collect();
    let ratios = || rows.iter().flat_map(|row| peers.iter().map(|&peer| row.ratio(peer)));
    let least = ratios().fold(0.1, f64::min).log10().floor();
    let most = ratios().fold(10.0, f64::max).log10().ceil();

    let (left, right, top) = (170, WIDTH as i32 - 40, 110);
    let bottom = top + LINE * ordered.len() as i32;
    let x = |ratio: f64| left + ((ratio.log10() - least) / (most - least) * f64::from(right - left)) as i32;
    let text = |size: i32, colour: &RGBColor, hpos| {
        ("sans-serif", size).into_font().color(colour).pos(Pos::new(hpos, VPos::Center))
    };

    let area = SVGBackend::new(path, (WIDTH, bottom as u32 + 50)).into_drawing_area();
    area.fill(&WHITE)?;
    area.draw_text("How many times as fast as its peers Syntrap is", &text(22, &INK, HPos::Left), (24, 30))?;
    let subtitle = "mean time of a group's values; right of the line Syntrap is faster; logarithmic";
    area.draw_text(subtitle, &text(14, &FAINT, HPos::Left), (24, 56))?;

    for (place, (&peer, colour)) in peers.iter().zip(&COLOURS).enumerate() {
        let at = left + 180 * place as i32;
        area.draw(&Circle::new((at + 6, 84), 6, colour.filled()))?;
        area.draw_text(judges[peer], &text(14, &INK, HPos::Left), (at + 20, 84))?;
    }

    if same.is_some() {
        let at = left + 180 * peers.len() as i32;
        area.draw(&Circle::new((at + 6, 84), 5, COLOURS[0].stroke_width(2)))?;
        area.draw_text("libinjection, its languages alone", &text(14, &INK, HPos::Left), (at + 20, 84))?;
    }

    // Powers of ten, with as fast as the peer drawn stronger.
    for power in least as i32..=most as i32 {
        let at = x(10f64.powi(power));
        let style = if power == 0 { INK.stroke_width(2) } else { GRID.stroke_width(1) };
        area.draw(&PathElement::new([(at, top), (at, bottom)], style))?;
        let label = format!("{}×", 10f64.powi(power));
        area.draw_text(&label, &text(13, &FAINT, HPos::Center), (at, bottom + 18))?;
    }

    for (line, row) in ordered.iter().enumerate() {
        let y = top + LINE * line as i32 + LINE / 2;
        let Some(row) = row else {
            let kind = ordered[line + 1].map_or("", |row| &row.kind);
            area.draw_text(kind, &text(15, &INK, HPos::Left), (24, y + 3))?;
            continue;
        };
        area.draw_text(&row.name, &text(13, &INK, HPos::Right), (left - 14, y))?;
        area.draw(&PathElement::new([(left, y), (right, y)], GRID.stroke_width(1)))?;
        if let Some(peer) = same {
            let (all, alone) = (x(row.ratio(peer)), x(row.ratio(peer) / row.ratio(SAME)));
            area.draw(&PathElement::new([(all, y), (alone, y)], COLOURS[0].stroke_width(2)))?;
            area.draw(&Circle::new((alone, y), 5, WHITE.filled()))?;
            area.draw(&Circle::new((alone, y), 5, COLOURS[0].stroke_width(2)))?;
        }
        for (&peer, colour) in peers.iter().zip(&COLOURS).rev() {
            area.draw(&Circle::new((x(row.ratio(peer)), y), 6, colour.filled()))?;
        }
    }
    area.present()?;
    Ok(())
}
