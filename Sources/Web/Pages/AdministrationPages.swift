import Access
import Journal
import Registry

/// What was typed to make an account.
struct NewAccountForm: Sendable {
    var name = ""
    var fullName = ""
    var role: Role?
    var region = ""
    var fault: String?
}

/// A password that is shown once.
struct NewPassword: Sendable {
    let name: String
    let password: String
}

/// What an administrator does to an account.
enum AccountChange: String, Sendable {
    case grant = "beri"
    case confirm = "sahkan"
    case end = "akhiri"
    case suspend = "tangguhkan"
    case resume = "aktifkan"
    case close = "tutup"
    case unlock = "buka"
    case reset = "sandi"
    case resetAll = "ulang"

    /// Whether the journal must be told why.
    var needsReason: Bool {
        switch self {
        case .end, .suspend, .resume, .close: true
        case .grant, .confirm, .unlock, .reset, .resetAll: false
        }
    }
}

extension PageContext {
    /// All accounts, and a form for another one.
    func accountsPage(_ accounts: [Account], _ form: NewAccountForm, _ password: NewPassword?) -> HTML {
        let say = language
        return document(title: say(Words.Access.accounts), place: nil) {
            Tag.div(.class("in part")) {
                Tag.p { Tag.a(.href(Link("meja"))) { "← " + say(Words.Access.desk) } }
                Tag.h1(.id("daftar")) { say(Words.Access.accounts) }
                Tag.p(.class("lead")) { say(Words.Access.accountsLead) }
                shown(password)
                Tag.div(.class("scroll"), .role(.region), .aria(.labelledby, "daftar"), .inTabOrder) {
                    Tag.table(.class("data words")) {
                        Tag.thead {
                            Tag.tr {
                                [
                                    Words.Access.name, Words.Access.fullName, Words.Access.theirDuties,
                                    Words.Access.state,
                                ].map { text in Tag.th(.scope(.col)) { say(text) } }
                            }
                        }
                        Tag.tbody {
                            accounts.map { account in
                                Tag.tr {
                                    Tag.th(.scope(.row)) {
                                        Tag.a(.href(Link("pengguna", account.name))) { account.name }
                                    }
                                    Tag.td { account.fullName }
                                    Tag.td {
                                        account.duties.isEmpty
                                            ? say(Words.Access.noDuty)
                                            : account.duties.map(words).joined(separator: "; ")
                                    }
                                    Tag.td { state(account) }
                                }
                            }
                        }
                    }
                }
                Tag.section(.class("part text"), .aria(.labelledby, "baru")) {
                    Tag.h2(.id("baru")) { say(Words.Access.newAccount) }
                    refusal(form.fault)
                    Tag.form(.action(Link("pengguna")), .post, .novalidate, .autocompleteOff) {
                        token
                        entry(
                            "akun", Words.Access.name, hint: Words.Access.nameHint, value: form.name,
                            isFirst: form.fault != nil, isWrong: form.fault != nil)
                        entry("orang", Words.Access.fullName, value: form.fullName)
                        dutyFields(form.role, form.region)
                        Tag.p { Tag.button(.class("button"), .type(.submit)) { say(Words.Access.make) } }
                    }
                }
            }
        }
    }

    private func state(_ account: Account) -> String {
        language(Words.Access.state(account.state)) + (account.isLocked ? ", " + language(Words.Access.isLocked) : "")
    }

    private func shown(_ password: NewPassword?) -> HTML {
        password.map { password in
            Tag.div(.class("card"), .role(.status)) {
                Tag.p { language(Words.Access.firstPassword(password.name)) }
                Tag.p(.class("sum")) { Tag.code { password.password } }
            }
        } ?? HTML()
    }

    private func dutyFields(_ role: Role?, _ region: String) -> HTML {
        let say = language
        return HTML([
            Tag.div(.class("field")) {
                Tag.label(.for("peran")) { say(Words.Access.role) }
                Tag.select(.id("peran"), .name("peran")) {
                    Role.allCases.map { one in
                        Tag.option(.value(one.rawValue), one == role ? .selected : nil) { say(Words.Access.role(one)) }
                    }
                }
            },
            entry(
                "wilayah", Words.Access.region, hint: Words.Access.regionHint(self.region.code), value: region),
        ])
    }

    /// One account, and what can be done to it.
    func oneAccountPage(_ account: Account, fault: String?, password: NewPassword?) -> HTML {
        let say = language
        let link = Link("pengguna", account.name)
        return document(title: account.name, place: nil) {
            Tag.div(.class("in part")) {
                Tag.p { Tag.a(.href(Link("pengguna"))) { "← " + say(Words.Access.accounts) } }
                Tag.h1 { account.name }
                Tag.p(.class("lead")) { account.fullName + " · " + state(account) }
                refusal(fault)
                shown(password)
                Tag.section(.aria(.labelledby, "tugas")) {
                    Tag.h2(.id("tugas")) { say(Words.Access.theirDuties) }
                    if account.duties.isEmpty { Tag.p { say(Words.Access.noDuty) } }
                    account.duties.map { duty in
                        Tag.form(.class("inline"), .action(link), .post, .novalidate, .autocompleteOff) {
                            token
                            VoidTag.input(.type(.hidden), .name("tugas"), .value(String(duty.number)))
                            Tag.p { words(duty) }
                            if !duty.isConfirmed { button(.confirm, Words.Access.confirm) }
                            reason("alasan-\(duty.number)")
                            button(.end, Words.Access.end)
                        }
                    }
                    if account.state != .closed {
                        Tag.form(.class("card ask"), .action(link), .post, .novalidate, .autocompleteOff) {
                            token
                            dutyFields(nil, "")
                            button(.grant, Words.Access.grant)
                        }
                    }
                }
                if account.state != .closed { access(account, link) }
                Tag.p {
                    Tag.a(.href(Link("jurnal", query: [("perihal", Accounts.subject(account.name))]))) {
                        say(Words.Access.journal)
                    }
                }
            }
        }
    }

    private func access(_ account: Account, _ link: Link) -> HTML {
        Tag.section(.class("part"), .aria(.labelledby, "keadaan")) {
            Tag.h2(.id("keadaan")) { language(Words.Access.state) }
            Tag.form(.class("inline"), .action(link), .post, .novalidate, .autocompleteOff) {
                token
                reason("alasan")
                account.state == .active
                    ? button(.suspend, Words.Access.suspend) : button(.resume, Words.Access.resume)
            }
            Tag.form(.class("acts"), .action(link), .post) {
                token
                button(.reset, Words.Access.reset)
                button(.resetAll, Words.Access.resetAll)
                if account.isLocked { button(.unlock, Words.Access.unlock) }
            }
        }
    }

    private func reason(_ id: String) -> HTML {
        Tag.div(.class("field")) {
            Tag.label(.for(id)) { language(Words.Access.reason) }
            VoidTag.input(.type(.text), .id(id), .name("alasan"), .autocompleteOff, .maxlength(200))
        }
    }

    private func button(_ change: AccountChange, _ text: Phrase) -> HTML {
        Tag.button(.class("button quiet"), .type(.submit), .name("ubah"), .value(change.rawValue)) { language(text) }
    }

    // MARK: Journal

    /// Entries of the journal, the latest first.
    func journalPage(_ entries: [JournalEntry], subject: String) -> HTML {
        let say = language
        return document(title: say(Words.Access.journal), place: nil) {
            Tag.div(.class("in part")) {
                Tag.p { Tag.a(.href(Link("meja"))) { "← " + say(Words.Access.desk) } }
                Tag.h1(.id("jurnal")) { say(Words.Access.journal) }
                Tag.p(.class("lead")) { say(Words.Access.journalLead) }
                Tag.form(.class("inline"), .action(Link("jurnal")), .autocompleteOff) {
                    entry("perihal", Words.Access.subject, hint: Words.Access.subjectHint, value: subject)
                    Tag.button(.class("button quiet"), .type(.submit)) { say(Words.Access.show) }
                }
                if entries.isEmpty {
                    Tag.p { say(Words.Access.noEntries) }
                } else {
                    Tag.div(.class("scroll"), .role(.region), .aria(.labelledby, "jurnal"), .inTabOrder) {
                        Tag.table(.class("data words")) {
                            Tag.thead {
                                Tag.tr {
                                    [
                                        Words.Access.moment, Words.Access.actor, Words.Access.action,
                                        Words.Access.subject, Words.Access.reason,
                                    ].map { text in Tag.th(.scope(.col)) { say(text) } }
                                }
                            }
                            Tag.tbody {
                                entries.map { entry in
                                    Tag.tr {
                                        Tag.th(.scope(.row)) {
                                            String(entry.moment.description.prefix(19)).replacing("T", with: " ")
                                        }
                                        Tag.td { entry.draft.actor }
                                        Tag.td { entry.draft.action }
                                        Tag.td { entry.draft.subject }
                                        Tag.td { entry.draft.reason }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
