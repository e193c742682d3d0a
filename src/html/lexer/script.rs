//! Script data (§13.2.5.4, 15 to 31): text that ends at `</script`, unless that stands behind
//! `<!--` and `<script`.

use super::{Lexer, State, is_white_space};

impl Lexer {
    /// All states of script data but those of its end tag.
    pub(super) fn script(&mut self, byte: u8, rest: &[u8]) {
        match self.state {
            State::ScriptData => match byte {
                b'<' => self.script_less_than(State::ScriptDataLessThanSign),
                _ => self.skip_to(b'<', b'<', byte, rest),
            },
            State::ScriptDataLessThanSign => match byte {
                b'/' => {
                    self.escaped = false;
                    self.take(State::TextEndTagOpen);
                }
                b'!' => self.take(State::ScriptDataEscapeStart),
                _ => self.state = State::ScriptData,
            },
            State::ScriptDataEscapeStart => match byte {
                b'-' => self.take(State::ScriptDataEscapeStartDash),
                _ => self.state = State::ScriptData,
            },
            State::ScriptDataEscapeStartDash => match byte {
                b'-' => self.take(State::ScriptDataEscapedDashDash),
                _ => self.state = State::ScriptData,
            },
            State::ScriptDataEscaped => match byte {
                b'-' => self.take(State::ScriptDataEscapedDash),
                b'<' => self.script_less_than(State::ScriptDataEscapedLessThanSign),
                _ => self.skip_to(b'-', b'<', byte, rest),
            },
            State::ScriptDataEscapedDash => match byte {
                b'-' => self.take(State::ScriptDataEscapedDashDash),
                b'<' => self.script_less_than(State::ScriptDataEscapedLessThanSign),
                _ => self.take(State::ScriptDataEscaped),
            },
            State::ScriptDataEscapedDashDash => match byte {
                b'-' => self.take(State::ScriptDataEscapedDashDash),
                b'<' => self.script_less_than(State::ScriptDataEscapedLessThanSign),
                b'>' => self.take(State::ScriptData),
                _ => self.take(State::ScriptDataEscaped),
            },
            State::ScriptDataEscapedLessThanSign => match byte {
                b'/' => {
                    self.escaped = true;
                    self.take(State::TextEndTagOpen);
                }
                b'A'..=b'Z' | b'a'..=b'z' => {
                    self.name.clear();
                    self.state = State::ScriptDataDoubleEscapeStart;
                }
                _ => self.state = State::ScriptDataEscaped,
            },
            State::ScriptDataDoubleEscapeStart => {
                self.double_escape(byte, State::ScriptDataDoubleEscaped, State::ScriptDataEscaped);
            }
            State::ScriptDataDoubleEscaped => match byte {
                b'-' => self.take(State::ScriptDataDoubleEscapedDash),
                b'<' => self.script_less_than(State::ScriptDataDoubleEscapedLessThanSign),
                _ => self.skip_to(b'-', b'<', byte, rest),
            },
            State::ScriptDataDoubleEscapedDash => match byte {
                b'-' => self.take(State::ScriptDataDoubleEscapedDashDash),
                b'<' => self.script_less_than(State::ScriptDataDoubleEscapedLessThanSign),
                _ => self.take(State::ScriptDataDoubleEscaped),
            },
            State::ScriptDataDoubleEscapedDashDash => match byte {
                b'-' => self.take(State::ScriptDataDoubleEscapedDashDash),
                b'<' => self.script_less_than(State::ScriptDataDoubleEscapedLessThanSign),
                b'>' => self.take(State::ScriptData),
                _ => self.take(State::ScriptDataDoubleEscaped),
            },
            State::ScriptDataDoubleEscapedLessThanSign => match byte {
                b'/' => {
                    self.name.clear();
                    self.take(State::ScriptDataDoubleEscapeEnd);
                }
                _ => self.state = State::ScriptDataDoubleEscaped,
            },
            // The script data double escape end state.
            _ => self.double_escape(byte, State::ScriptDataEscaped, State::ScriptDataDoubleEscaped),
        }
    }

    /// Passes the byte.
    pub(super) fn take(&mut self, state: State) {
        self.position += 1;
        self.state = state;
    }

    fn script_less_than(&mut self, state: State) {
        self.less_than = self.position;
        self.take(state);
    }

    /// The script data double escape start and end states (§13.2.5.26 and 31): a tag of the name
    /// `script` goes to one state, any other to the other one.
    fn double_escape(&mut self, byte: u8, script: State, other: State) {
        match byte {
            b'/' | b'>' => {}
            byte if is_white_space(byte) => {}
            b'A'..=b'Z' | b'a'..=b'z' => {
                self.name.extend(&[byte]);
                self.position += 1;
                return;
            }
            _ => {
                self.state = other;
                return;
            }
        }
        self.take(if self.name.get() == Some(b"script") { script } else { other });
    }
}
