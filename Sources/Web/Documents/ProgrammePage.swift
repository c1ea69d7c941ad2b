import Eligibility
import Foundation
import Journal
import Registry

/// A version of a programme as a page that stands alone: to be read by a lawyer, printed and signed.
public struct ProgrammePage {
    private let document: ProgrammeDocument
    private let language: Language
    private let isFirst: Bool

    private var programme: Programme { document.programme }
    private var say: ProgrammePageWords { ProgrammePageWords(language: language) }

    /// The page of a document in some languages, one after the other.
    public static func html(_ document: ProgrammeDocument, languages: [Language]) -> HTML {
        let first = languages.first ?? .id
        let title = document.programme.title(first.rawValue)
        return .document(
            Tag.html(.lang(first)) {
                Tag.head {
                    VoidTag.meta(.utf8)
                    Tag.title { "\(title) – \(document.programme.name) \(document.programme.version)" }
                    VoidTag.meta(.name("viewport"), .content("width=device-width, initial-scale=1"))
                    HTML.stylesheet(ProgrammePageStyle.text)
                }
                Tag.body {
                    languages.map { language in
                        ProgrammePage(document: document, language: language, isFirst: language == first).content
                    }
                }
            })
    }

    private func text(_ wording: Wording) -> String { wording(language.rawValue) }

    private func id(_ name: String) -> String { "\(language.rawValue)-\(name)" }

    private var content: HTML {
        Tag.article(.lang(language), .class(isFirst ? "first" : "next")) {
            header
            section(.basis) { Tag.ul { programme.legal.map { basis in Tag.li { basis } } } }
            section(.who) { rules }
            if !programme.definitions.isEmpty { section(.terms) { definitions } }
            section(.howMuch) { benefit }
            section(.order) { order }
            section(.data) { attributes }
            section(.notice) { notice }
            section(.next) { next }
            section(.examples) { examples }
            section(.changes) { changes }
            signature
        }
    }

    private func section(_ heading: ProgrammePageWords.Heading, @HTMLBuilder _ content: () -> HTML) -> HTML {
        let inner = content()
        return Tag.section(.aria(.labelledby, id(heading.rawValue))) {
            Tag.h2(.id(id(heading.rawValue))) { say(heading) }
            inner
        }
    }

    private var header: HTML {
        let unofficial = programme.rules.count { !$0.isOfficial }
        return Tag.header {
            Tag.p(.class("kind")) { say.kind }
            Tag.h1 { text(programme.title) }
            Tag.p(.class("lead")) { text(programme.summary) }
            Tag.dl(.class("facts")) {
                fact(say.programme, programme.name)
                fact(say.version, programme.version)
                fact(say.holdsFrom, language.date(programme.from))
                fact(say.holdsUntil, programme.until.map { language.date($0) } ?? say.open)
                fact(say.digest, Tag.code(.class("digest")) { programme.digestText })
            }
            if unofficial > 0 {
                Tag.p(.class("caution")) { say.caution(unofficial, of: programme.rules.count) }
            }
        }
    }

    private func fact(_ name: String, _ value: String) -> HTML { fact(name, HTML(text: value)) }

    private func fact(_ name: String, _ value: HTML) -> HTML {
        Tag.div {
            Tag.dt { name }
            Tag.dd { value }
        }
    }

    // MARK: Rules

    private var rules: HTML {
        HTML([
            Tag.p { say.rulesLead },
            Tag.ol(.class("rules")) {
                zip(programme.rules, document.ruleWords).map { rule, plain in
                    Tag.li(.id(id("rule-\(rule.name)"))) {
                        Tag.p(.class("words")) {
                            Tag.strong { text(rule.words) }
                            " "
                            Tag.code { rule.name }
                            " "
                            Tag.span(.class(rule.isOfficial ? "official" : "unofficial")) {
                                rule.isOfficial ? say.official : say.unofficial
                            }
                        }
                        Tag.dl(.class("rule")) {
                            fact(rule.kind == .requires ? say.mustHold : say.mustNotHold, condition(rule, plain))
                            fact(say.whenFailed, say.hit(rule.hit))
                            fact(say.toldToFamily, text(rule.failed) + " " + text(rule.change))
                            fact(say.source, text(rule.legal))
                            if !rule.alsoFails.isEmpty {
                                fact(say.alsoFails, rule.alsoFails.joined(separator: ", "))
                            }
                        }
                    }
                }
            },
        ])
    }

    private func condition(_ rule: Programme.Rule, _ plain: Wording?) -> HTML {
        HTML([
            Tag.code { rule.source },
            plain.map { words in Tag.p(.class("plain")) { text(words) } } ?? HTML(),
        ])
    }

    private var definitions: HTML {
        Tag.dl(.class("rule")) {
            zip(programme.definitions, document.definitionWords).map { definition, plain in
                fact(
                    "“\(definition.name)” (\(say.scope(definition.scope)))",
                    HTML([
                        Tag.code { definition.source },
                        plain.map { words in Tag.p(.class("plain")) { text(words) } } ?? HTML(),
                    ]))
            }
        }
    }

    // MARK: Benefit and order

    private var benefit: HTML {
        switch programme.benefit {
        case .fixed(let amount, let label):
            return Tag.p {
                text(label) + ": "
                Tag.strong { language.rupiah(amount) }
                " " + programme.period.words(language.rawValue) + "."
            }
        case .components(let rule):
            return HTML([
                table(say.componentColumns) {
                    zip(rule.components, document.componentWords).map { component, plain in
                        Tag.tr {
                            Tag.th(.scope(.row)) { text(component.label) }
                            Tag.td {
                                Tag.code { component.source }
                                plain.map { words in Tag.p(.class("plain")) { text(words) } }
                            }
                            Tag.td(.class("num")) { language.rupiah(component.amount) }
                            Tag.td { say.most(component.most, component.group) }
                        }
                    }
                },
                Tag.p { say.componentLimits(rule, period: programme.period.words(language.rawValue)) },
            ])
        }
    }

    private var order: HTML {
        HTML([
            Tag.ol {
                programme.priorities.map { priority in
                    Tag.li {
                        text(priority.label) + ": "
                        Tag.code { priority.source }
                        " (" + (priority.isDescending ? say.highestFirst : say.lowestFirst) + ")"
                    }
                }
            },
            Tag.p { say.lot(programme.name, programme.version) },
        ])
    }

    // MARK: Data

    private var attributes: HTML {
        table(say.attributeColumns) {
            programme.attributes.map { attribute in
                Tag.tr {
                    Tag.th(.scope(.row)) { text(attribute.label) }
                    Tag.td {
                        Tag.code(.class("name")) { attribute.name }
                        ", \(attribute.typeName), " + say.scope(attribute.scope)
                    }
                    Tag.td {
                        attribute.origins.map { origin in
                            (document.agencies[origin.source].map(text) ?? say.noRegion) + " (\(origin.source))"
                        }.joined(separator: " → ")
                    }
                    Tag.td { say.can(attribute.can, slip: attribute.slip) + " " + text(attribute.mend) }
                }
            }
        }
    }

    private var notice: HTML {
        let notice = programme.notice
        let watched = notice.watch.compactMap { programme.attribute($0, .family).map { text($0.label) } }
        let atOnce = programme.rules.filter(\.isAtOnce).map(\.name)
        return HTML([
            Tag.p { say.noticeLead(days: notice.days) },
            Tag.dl(.class("rule")) {
                if !watched.isEmpty { fact(say.watched, watched.joined(separator: ", ")) }
                if !atOnce.isEmpty { fact(say.atOnce, atOnce.joined(separator: ", ")) }
                fact(say.howToAnswer, text(notice.answer))
                fact(say.source, text(notice.legal))
            },
        ])
    }

    private var next: HTML {
        Tag.dl(.class("rule")) {
            Standing.allCases.map { standing in
                programme.next[standing.rawValue].map { fact(say.standing(standing), text($0)) } ?? HTML()
            }
        }
    }

    // MARK: Examples and changes

    private var examples: HTML {
        HTML([
            Tag.p { say.examplesLead },
            table(say.exampleColumns) {
                document.examples.map { row in
                    Tag.tr(row.isAsSaid ? nil : .class("wrong")) {
                        Tag.th(.scope(.row)) {
                            Tag.span(.lang(.en)) { row.example.name }
                        }
                        Tag.td {
                            if !text(row.family).isEmpty { Tag.p { text(row.family) + "." } }
                            row.members.isEmpty
                                ? Tag.p { say.noMembers }
                                : Tag.ol { row.members.map { member in Tag.li { text(member) } } }
                        }
                        Tag.td {
                            Tag.strong { say.outcome(row.outcome) }
                            row.amount.map { amount in Tag.p { language.rupiah(amount) } }
                            if !row.failed.isEmpty { Tag.p { say.fails + " " + row.failed.joined(separator: ", ") } }
                            if !row.isAsSaid { Tag.p { Tag.strong { say.notAsSaid } } }
                        }
                    }
                }
            },
        ])
    }

    private var changes: HTML {
        guard let previous = document.previous else { return Tag.p { say.firstVersion } }
        guard !document.changes.isEmpty else { return Tag.p { say.noChanges(previous.version) } }
        return table(say.changeColumns(previous.version, programme.version)) {
            document.changes.map { change in
                Tag.tr {
                    Tag.th(.scope(.row)) { text(change.what) }
                    Tag.td { change.before.map { before in Tag.code { before } } ?? HTML(text: "–") }
                    Tag.td { change.after.map { after in Tag.code { after } } ?? HTML(text: "–") }
                }
            }
        }
    }

    private var signature: HTML {
        section(.signature) {
            Tag.p { say.declaration(programme.name, programme.version) }
            Tag.p { Tag.code(.class("digest")) { programme.digestText } }
            Tag.dl(.class("sign")) { say.signatureFields.map { fact($0, "") } }
        }
    }

    private func table(_ columns: [String], @HTMLBuilder _ rows: () -> HTML) -> HTML {
        let body = rows()
        return Tag.table {
            Tag.thead { Tag.tr { columns.map { column in Tag.th(.scope(.col)) { column } } } }
            Tag.tbody { body }
        }
    }
}

extension Programme {
    /// The SHA-256 of the text in hexadecimal digits, in groups of eight for those who compare it by eye.
    fileprivate var digestText: String {
        let digits = Array(digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined())
        return stride(from: 0, to: digits.count, by: 8).map { String(digits[$0..<min($0 + 8, digits.count)]) }
            .joined(separator: " ")
    }
}

enum ProgrammePageStyle {
    static let text: StaticString = """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:#eceae4;color:#1b1b1b;font:16px/1.5 Georgia,'Noto Serif','Times New Roman',serif}
        article{background:#fff;max-width:56rem;margin:1.5rem auto;padding:2.5rem 3rem;border:1px solid #c9c5ba}
        h1{font-size:1.9rem;line-height:1.2;margin:.2rem 0 .6rem}
        h2{font-size:1.2rem;line-height:1.25;margin:2rem 0 .7rem;padding-bottom:.25rem;border-bottom:1.5px solid #1b1b1b;counter-increment:part}
        h2::before{content:counter(part) '. '}
        article{counter-reset:part}
        p,ul,ol,dl{margin:0 0 .7rem}
        .kind{text-transform:uppercase;letter-spacing:.08em;font-size:.8rem;margin:0;color:#555}
        .lead{font-size:1.1rem}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.6rem 1.5rem;padding:.9rem 0;border-top:1px solid #c9c5ba;border-bottom:1px solid #c9c5ba}
        .facts div:last-child{grid-column:1/-1}
        dt{font-size:.85rem;color:#555}
        dd{margin:0}
        code{font:.86em/1.45 'DejaVu Sans Mono','Noto Sans Mono',Consolas,monospace;background:#f4f2ec;padding:.08em .3em;border-radius:2px;overflow-wrap:anywhere;white-space:pre-wrap}
        .name{white-space:nowrap}
        .digest{font-size:.9rem}
        .caution{border:2px solid #8a1c1c;padding:.6rem .9rem;color:#8a1c1c;font-weight:700}
        .rules{padding-left:1.6rem}
        .rules>li{margin-bottom:1.3rem;padding-left:.3rem}
        .words{margin-bottom:.4rem}
        .official,.unofficial{font-size:.78rem;white-space:nowrap;padding:.1em .5em;border:1px solid;border-radius:1em;font-family:system-ui,sans-serif}
        .official{color:#14532d}
        .unofficial{color:#8a1c1c}
        .rule>div{display:grid;grid-template-columns:11rem 1fr;gap:.2rem 1rem;padding:.25rem 0;border-top:1px solid #e3e0d8}
        .plain{margin:.25rem 0 0;font-style:italic}
        table{border-collapse:collapse;width:100%;margin:0 0 .9rem;font-size:.92rem}
        th,td{border:1px solid #c9c5ba;padding:.4rem .55rem;text-align:left;vertical-align:top}
        thead th{background:#f4f2ec;font-size:.85rem}
        tbody th{font-weight:600}
        td p,td ol{margin:0 0 .3rem}
        td ol{padding-left:1.2rem}
        .num{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        .wrong td{background:#fbe9e9}
        .sign{display:grid;grid-template-columns:1fr 1fr;gap:1.2rem 2.5rem;margin-top:1.2rem}
        .sign dd{height:2.6rem;border-bottom:1px solid #1b1b1b}
        .sign div:last-child{grid-column:1/-1}
        .sign div:last-child dd{height:5rem}
        @media(max-width:40rem){article{padding:1.2rem 1rem;margin:0;border:0}.rule>div{grid-template-columns:1fr}table{display:block;overflow-x:auto}}
        @media print{@page{size:A4;margin:18mm 16mm}body{background:#fff;font-size:10.5pt}article{border:0;margin:0;padding:0;max-width:none}
        .next{break-before:page}h2{break-after:avoid}tr,.rule>div,.sign,.caution{break-inside:avoid}thead{display:table-header-group}
        code,thead th,.wrong td{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
        """
}
