import Access
import Journal
import Registry

extension PageContext {
    /// What somebody can do who is signed in.
    func deskPage() -> HTML {
        let say = language
        let principal = guest?.principal
        func may(_ right: Right) -> Bool { principal?.may(right) ?? false }
        let tasks: [(Link, Phrase)] = [
            may(.reviewLinks) ? (Self.reviewLink, Words.Review.link) : nil,
            may(.findPersons) ? (Self.findLink, Words.Review.find) : nil,
            may(.forceRules) ? (Link("aturan"), Words.Rules.link) : nil,
            may(.manageAccounts) ? (Link("pengguna"), Words.Access.accounts) : nil,
            may(.readJournal) ? (Link("jurnal"), Words.Access.journal) : nil,
        ].compactMap(\.self)
        return document(title: say(Words.Access.desk), place: nil) {
            Tag.div(.class("in part")) {
                Tag.h1 { say(Words.Access.hello(principal?.fullName ?? "")) }
                Tag.section(.aria(.labelledby, "kerjakan")) {
                    Tag.h2(.id("kerjakan")) { say(Words.Access.tasks) }
                    if tasks.isEmpty { Tag.p { say(Words.Access.noTasks) } }
                    Tag.div(.class("acts")) {
                        tasks.map { link, text in Tag.a(.class("button quiet"), .href(link)) { say(text) } }
                    }
                }
                Tag.section(.class("part"), .aria(.labelledby, "tugas")) {
                    Tag.h2(.id("tugas")) { say(Words.Access.duties) }
                    Tag.ul {
                        (principal?.duties ?? []).map { duty in Tag.li { words(duty) } }
                    }
                    Tag.p { Tag.a(.href(Link("akun"))) { say(Words.Access.account) } }
                    Tag.p { Tag.a(.href(Link("hak"))) { say(Words.Access.rights) } }
                }
            }
        }
    }

    /// A duty in words.
    func words(_ duty: Duty) -> String {
        let place = placeName(duty.region)
        let text = duty.region.text + (place.isEmpty ? "" : " " + place)
        return language(Words.Access.duty(language(Words.Access.role(duty.role)), text))
            + (duty.isConfirmed ? "" : " (\(language(Words.Access.waits)))")
    }

    /// What a region is called; empty where the map does not say.
    private func placeName(_ code: RegionCode) -> String {
        if code.text == region.code { return language(region.name) }
        let sheet =
            code.level == .village
            ? code.ancestor(.district).flatMap { region.map.villages[$0.text] } : region.map.districts
        return sheet?.outlines.first { $0.code == code.text }?.name ?? ""
    }

    /// A page that needs a right which somebody does not have.
    func notPermittedPage(_ right: Right) -> HTML {
        narrow(Words.Access.notPermitted, Words.Access.needs(language(Words.Access.right(right)))) {
            Tag.p { Tag.a(.class("button"), .href(Link("meja"))) { language(Words.Access.desk) } }
        }
    }

    // MARK: The own account

    /// The own account: where it is used, and how one gets in.
    func accountPage(_ devices: [Device], fault: String?, done: String?) -> HTML {
        let say = language
        return document(title: say(Words.Access.account), place: nil) {
            Tag.div(.class("in part")) {
                Tag.p { Tag.a(.href(Link("meja"))) { "← " + say(Words.Access.desk) } }
                Tag.h1 { say(Words.Access.account) }
                Tag.p(.class("lead")) { guest.map { "\($0.principal.fullName) (\($0.principal.name))" } ?? "" }
                done.map { text in Tag.p(.class("card"), .role(.status)) { text } }
                Tag.section(.aria(.labelledby, "perangkat")) {
                    Tag.h2(.id("perangkat")) { say(Words.Access.devices) }
                    Tag.p { say(Words.Access.devicesLead) }
                    self.devices(devices)
                    Tag.form(.class("part"), .action(Link("akun", "keluar")), .post) {
                        token
                        Tag.button(.class("button quiet"), .type(.submit)) { say(Words.Access.everywhere) }
                    }
                }
                Tag.section(.class("text"), .aria(.labelledby, "ganti")) {
                    Tag.h2(.id("ganti")) { say(Words.Access.change) }
                    refusal(fault)
                    Tag.form(.action(Link("akun", "sandi")), .post, .novalidate) {
                        token
                        guest.map { accountName($0.principal.name) }
                        entry(
                            "sandi", Words.Access.oldPassword, .autocomplete(.currentPassword), isSecret: true,
                            isFirst: fault != nil, isWrong: fault != nil)
                        newPasswordFields(isFirst: false, isWrong: fault != nil)
                        Tag.p { Tag.button(.class("button"), .type(.submit)) { say(Words.Access.change) } }
                    }
                    Tag.p { Tag.a(.href(Link("masuk", "autentikator"))) { say(Words.Access.anotherAuthenticator) } }
                }
            }
        }
    }

    private func devices(_ devices: [Device]) -> HTML {
        let say = language
        return Tag.ul(.class("reasons"), .role(.list)) {
            devices.map { device in
                let label = device.label.isEmpty ? say(Words.Access.unknownDevice) : device.label
                let first = say.date(device.firstSeen.date(hoursEast: 7))
                let last = say.date(device.lastSeen.date(hoursEast: 7))
                return Tag.li {
                    Tag.p { Tag.strong { label } }
                    Tag.p(.class("soft")) {
                        say(device.isSignedIn ? Words.Access.signedInNow(first) : Words.Access.used(first, last))
                    }
                    Tag.form(.action(Link("akun", "perangkat")), .post) {
                        token
                        VoidTag.input(.type(.hidden), .name("nomor"), .value(String(device.number)))
                        Tag.button(
                            .class("button quiet"), .type(.submit), .aria(.label, say(Words.Access.forgetDevice(label)))
                        ) { say(Words.Access.forget) }
                    }
                }
            }
        }
    }

    // MARK: Rights

    /// What each role may do: a table that can be printed.
    func rightsPage() -> HTML {
        let say = language
        return document(title: say(Words.Access.rights), place: nil) {
            Tag.div(.class("in part")) {
                Tag.p { Tag.a(.href(Link("meja"))) { "← " + say(Words.Access.desk) } }
                Tag.h1(.id("hak")) { say(Words.Access.rights) }
                Tag.p(.class("lead")) { say(Words.Access.rightsLead) }
                Tag.div(.class("scroll"), .role(.region), .aria(.labelledby, "hak"), .inTabOrder) {
                    Tag.table(.class("data")) {
                        Tag.thead {
                            Tag.tr {
                                Tag.th(.scope(.col)) { say(Words.Access.role) }
                                Tag.th(.scope(.col)) { say(Words.Access.level) }
                                Right.allCases.map { right in Tag.th(.scope(.col)) { say(Words.Access.right(right)) } }
                                Tag.th(.scope(.col)) { say(Words.Access.second) }
                                Tag.th(.scope(.col)) { say(Words.Access.isNever) }
                            }
                        }
                        Tag.tbody { Role.allCases.map(row) }
                    }
                }
            }
        }
    }

    private func row(_ role: Role) -> HTML {
        let say = language
        let excluded = Role.allCases.filter(role.excludes)
        return Tag.tr {
            Tag.th(.scope(.row)) { say(Words.Access.role(role)) }
            Tag.td { role.levels.map { say(Words.Access.level($0)) }.joined(separator: ", ") }
            Right.allCases.map { right in
                Tag.td { say(role.rights.contains(right) ? Words.Access.yes : Words.Access.no) }
            }
            Tag.td { say(role.needsSecond ? Words.Access.yes : Words.Access.no) }
            Tag.td {
                excluded.count == Role.allCases.count - 1
                    ? say(Words.Access.allOthers)
                    : excluded.map { say(Words.Access.role($0)) }.joined(separator: ", ")
            }
        }
    }
}
