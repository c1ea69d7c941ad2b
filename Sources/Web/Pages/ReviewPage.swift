import Foundation

extension PageContext {
    /// Where reviewers work.
    static let reviewLink = Link("tinjau")

    /// A row beside a person, and the question, which stays in sight; nil where no row waits.
    ///
    /// - Parameter last: what the reviewer answered before, which can be taken back.
    func reviewPage(_ sheet: ReviewSheet?, last: LastReview?, fault: String?) -> HTML {
        let say = language
        return document(title: say(Words.Review.title), place: nil) {
            Tag.div(.class("in part review")) {
                Tag.h1 { say(Words.Review.title) }
                fault.map { fault in Tag.p(.class("wrong"), .role(.alert)) { fault } }
                last.map { last in answered(last) }
                if let sheet {
                    Tag.p(.class("soft")) {
                        say(
                            Words.Review.waiting(
                                say.count(max(0, sheet.waiting - sheet.decided)), say.count(sheet.decided)))
                    }
                    if sheet.isEntry { Tag.p { say(Words.Review.entry) } }
                    beside(sheet)
                    waterfall(sheet)
                    facts(sheet)
                    similar(sheet)
                    question(sheet)
                } else {
                    Tag.p(.class("lead")) { say(Words.Review.nothing) }
                }
                Tag.p { Tag.a(.href(Self.findLink)) { say(Words.Review.find) } }
            }
        }
    }

    /// What was answered before, with a way back.
    private func answered(_ last: LastReview) -> HTML {
        let say = language
        return Tag.form(.class("said"), .action(Link("tinjau", "batal")), .post) {
            token
            VoidTag.input(.type(.hidden), .name("keputusan"), .value(String(last.decision)))
            Tag.span { say(Words.Review.last(last.row, say(Words.Review.choice(last.choice)))) + " " }
            Tag.button(.class("button quiet"), .type(.submit)) { say(Words.Review.undo) }
        }
    }

    /// The question below all else, kept in sight. Nothing is chosen beforehand: the focus stands before the answers.
    private func question(_ sheet: ReviewSheet) -> HTML {
        let say = language
        return Tag.form(.class("ask verdict"), .action(Self.reviewLink), .post, .novalidate, .autocompleteOff) {
            token
            VoidTag.input(.type(.hidden), .name("baris"), .value(sheet.row))
            VoidTag.input(.type(.hidden), .name("orang"), .value(String(sheet.person)))
            Tag.h2(.id("tanya"), .focusable, .autofocus) { say(Words.Review.question) }
            Tag.div(.class("acts"), .role(.group), .aria(.labelledby, "tanya")) {
                ReviewChoice.allCases.map { choice in
                    Tag.button(
                        .class(choice == .same ? "button" : "button quiet"), .type(.submit), .name("jawaban"),
                        .value(choice.rawValue), .accesskey(choice.key)
                    ) { say(Words.Review.choice(choice)) }
                }
            }
            Tag.details {
                Tag.summary { say(Words.Review.noteAndKeys) }
                Tag.p(.class("hint")) { say(Words.Review.keys) }
                Tag.div(.class("field")) {
                    Tag.label(.for("catatan")) { say(Words.Review.note) }
                    Tag.textarea(.id("catatan"), .name("catatan"), .rows(2), .maxlength(200), .spellcheckOff) {}
                }
            }
        }
    }

    /// Others who resemble the row as well.
    private func similar(_ sheet: ReviewSheet) -> HTML {
        guard !sheet.similar.isEmpty else { return HTML() }
        let say = language
        return Tag.details {
            Tag.summary { say(Words.Review.others(say.count(sheet.similar.count))) }
            Tag.p(.class("soft")) { say(Words.Review.othersNext) }
            people(sheet.similar, label: say(Words.Review.others(say.count(sheet.similar.count))))
        }
    }

    private func beside(_ sheet: ReviewSheet) -> HTML {
        let say = language
        return Tag.section(.aria(.label, say(Words.Review.compared))) {
            Tag.p {
                Tag.strong { say(Words.Review.likely(percent(sheet.probability))) }
                if sheet.rupiah > 0 { " · " + say(Words.Review.rupiah(say.rupiah(sheet.rupiah))) }
            }
            if sheet.earlier > 0 { Tag.p { say(Words.Review.second) } }
            Tag.div(.class("scroll"), .role(.region), .aria(.label, say(Words.Review.compared)), .inTabOrder) {
                Tag.table(.class("sides")) {
                    Tag.thead {
                        Tag.tr {
                            Tag.th(.scope(.col)) { say(Words.Review.compared) }
                            Tag.th(.scope(.col)) {
                                say(
                                    sheet.isEntry
                                        ? Words.Review.oneEntry
                                        : Words.Review.source(sheet.source, say.date(sheet.delivered)))
                            }
                            Tag.th(.scope(.col)) {
                                say(sheet.isEntry ? Words.Review.otherEntry : Words.Review.register)
                            }
                            Tag.th(.scope(.col)) { say(Words.Review.level) }
                            Tag.th(.scope(.col), .class("num")) { say(Words.Review.weight) }
                        }
                    }
                    Tag.tbody {
                        sheet.lines.map { line in
                            Tag.tr {
                                Tag.th(.scope(.row)) { say(Words.Review.field(line.field)) }
                                if line.field == "rarity" {
                                    Tag.td(.colspan(3)) {}
                                } else {
                                    Tag.td(.class("raw")) {
                                        // What weighs though it is not given was read from the number.
                                        line.row
                                            ?? say(
                                                line.level != nil && line.field == "birth_date"
                                                    ? Words.Review.readFromNIK : Words.Review.notGiven)
                                    }
                                    Tag.td(.class("raw")) { line.person ?? say(Words.Review.notGiven) }
                                    Tag.td(.class("level")) {
                                        say(
                                            line.level.map { Words.Review.level(line.field, $0) }
                                                ?? Words.Review.notComparable)
                                    }
                                }
                                Tag.td(.class("num")) { signed(line.weight) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// What each field adds, bar under bar, each beginning where the one before ended.
    private func waterfall(_ sheet: ReviewSheet) -> HTML {
        let say = language
        var bars: [(name: String, from: Double, to: Double)] = [
            (say(Words.Review.prior), 0, sheet.prior)
        ]
        var sum = sheet.prior
        for line in sheet.lines where abs(line.weight) >= 0.05 {
            bars.append((say(Words.Review.field(line.field)), sum, sum + line.weight))
            sum += line.weight
        }
        bars.append((say(Words.Review.sum), 0, sum))
        let least = min(0, bars.map { min($0.from, $0.to) }.min() ?? 0) - 3
        let most = max(0, bars.map { max($0.from, $0.to) }.max() ?? 0) + 3
        let (left, width, row) = (158.0, 245.0, 30)
        func x(_ weight: Double) -> Int { Int(left + (weight - least) / (most - least) * width) }
        let height = bars.count * row + 8
        let spoken =
            say(Words.Review.figure) + ": "
            + bars.map { "\($0.name) \(signed($0.to - $0.from))" }.joined(separator: ", ")
        return Tag.figure {
            Tag.svg(.class("waterfall"), .viewBox(0, 0, 460, height), .role(.img), .aria(.label, spoken)) {
                Tag.rect(.class("w-zero"), .x(x(0)), .y(0), .width(1), .height(height)) {}
                bars.enumerated().map { place, bar in
                    let (low, high) = (min(bar.from, bar.to), max(bar.from, bar.to))
                    let style = place == bars.count - 1 ? "w-sum" : bar.to >= bar.from ? "w-plus" : "w-minus"
                    return HTML([
                        Tag.text(.class("w-name"), .x(Int(left) - 10), .y(place * row + 21)) { bar.name },
                        Tag.rect(
                            .class(style), .x(x(low)), .y(place * row + 6), .width(max(2, x(high) - x(low))),
                            .height(row - 10)
                        ) {},
                        Tag.text(.class("w-value"), .x(x(high) + 6), .y(place * row + 21)) {
                            signed(bar.to - bar.from)
                        },
                    ])
                }
            }
            Tag.figcaption(.class("soft")) { say(Words.Review.figure) + ". " + say(Words.Review.unit) }
        }
    }

    private func facts(_ sheet: ReviewSheet) -> HTML {
        guard !sheet.facts.isEmpty else { return HTML() }
        return Tag.details {
            Tag.summary { language(Words.Review.moreFacts) }
            Tag.dl(.class("who")) {
                sheet.facts.map { fact in
                    Tag.div {
                        Tag.dt { fact.name }
                        Tag.dd { fact.value }
                    }
                }
            }
        }
    }

    func percent(_ share: Double) -> String {
        decimal(String(format: "%.1f", share * 100)) + " %"
    }

    private func signed(_ weight: Double) -> String {
        abs(weight) < 0.05 ? "0" : decimal(String(format: "%+.1f", weight).replacing("-", with: "−"))
    }

    private func decimal(_ text: String) -> String { language == .id ? text.replacing(".", with: ",") : text }
}
