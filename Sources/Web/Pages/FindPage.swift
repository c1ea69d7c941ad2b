import Foundation

extension PageContext {
    /// Where somebody is looked for.
    static let findLink = Link("tinjau", "cari")

    /// A form for what is known of a person, and who it may be.
    func findPage(_ query: PersonQuery, _ search: PersonSearch?) -> HTML {
        let say = language
        return document(title: say(Words.Review.find), place: nil) {
            Tag.div(.class("in part")) {
                Tag.p { Tag.a(.href(Link("meja"))) { "← " + say(Words.Access.desk) } }
                Tag.h1 { say(Words.Review.find) }
                Tag.p(.class("lead")) { say(Words.Review.findLead) }
                Tag.form(.class("card ask"), .action(Self.findLink), .post, .novalidate, .autocompleteOff) {
                    token
                    PersonQuery.Field.allCases.map { field in
                        Tag.div(.class("field")) {
                            Tag.label(.for(field.rawValue)) { say(Words.Review.query(field)) }
                            VoidTag.input(
                                .type(.text), .id(field.rawValue), .name(field.rawValue), .autocompleteOff,
                                .spellcheckOff, .maxlength(120), .value(query.values[field] ?? ""),
                                field == .name ? .autofocus : nil)
                        }
                    }
                    Tag.p { Tag.button(.class("button"), .type(.submit)) { say(Words.Review.search) } }
                }
                switch search {
                case nil: HTML()
                case .loading(let percent):
                    Tag.p(.role(.status)) { say(Words.Review.loading(percent)) }
                case .found(let persons): found(persons)
                }
            }
        }
    }

    private func found(_ persons: [FoundPerson]) -> HTML {
        let say = language
        let isKnown = (persons.first?.probability ?? 0) >= 0.5
        return Tag.section(.aria(.label, say(Words.Review.answer))) {
            Tag.p(.class("lead"), .role(.status)) {
                say(
                    persons.isEmpty
                        ? Words.Review.nobody : isKnown ? Words.Review.known : Words.Review.unknown)
            }
            if !persons.isEmpty { people(persons, label: say(Words.Review.answer)) }
        }
    }

    /// Persons with what tells them apart, and how likely each is.
    func people(_ persons: [FoundPerson], label: String) -> HTML {
        let say = language
        return Tag.div(.class("scroll"), .role(.region), .aria(.label, label), .inTabOrder) {
            Tag.table(.class("sides people")) {
                Tag.thead {
                    Tag.tr {
                        Tag.th(.scope(.col)) { say(Words.Review.field("name")) }
                        Tag.th(.scope(.col)) { say(Words.Review.field("birth_date")) }
                        Tag.th(.scope(.col)) { say(Words.Review.field("nik")) }
                        Tag.th(.scope(.col)) { say(Words.Review.field("village")) }
                        Tag.th(.scope(.col), .class("num")) { say(Words.Review.likelihood) }
                    }
                }
                Tag.tbody {
                    persons.map { person in
                        Tag.tr {
                            Tag.th(.scope(.row)) { person.name }
                            Tag.td { person.birthDate }
                            Tag.td(.class("raw")) { person.nik }
                            Tag.td { person.village }
                            Tag.td(.class("num")) { percent(person.probability) }
                        }
                    }
                }
            }
        }
    }
}
