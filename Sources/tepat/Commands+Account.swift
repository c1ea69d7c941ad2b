import Access
import ArgumentParser
import Foundation
import Journal
import Registry

struct AccountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account",
        abstract: "Give accounts and duties to those who work with the system.",
        discussion: """
            What is done here holds at once; whoever can run it has the database and its key anyway. The journal keeps it. On \
            the pages some duties need a second administrator.
            """,
        subcommands: [
            List.self, Show.self, Make.self, Program.self, Keys.self, Grant.self, Confirm.self, End.self, Suspend.self,
            Resume.self, Close.self,
            Unlock.self, Reset.self, Code.self, Rights.self,
        ])

    /// What each of them takes.
    struct Whose: ParsableArguments {
        @OptionGroup var common: CommonOptions

        @Argument(help: "The account's name.")
        var name: String

        func accounts() throws -> Accounts { Accounts(try common.registry()) }
        var manager: Manager { .command(CommonOptions.actor) }
    }

    /// An account as it is printed.
    struct Entry: Encodable {
        struct DutyEntry: Encodable {
            let duty: Int64
            let role: String
            let region: String
            let isConfirmed: Bool
            let grantedBy: String
        }

        let name: String
        let fullName: String
        let isProgram: Bool
        let state: String
        let isLocked: Bool
        let mustChangePassword: Bool
        let hasAuthenticator: Bool
        let made: String
        let duties: [DutyEntry]

        init(_ account: Account) {
            name = account.name
            fullName = account.fullName
            isProgram = account.isProgram
            state = account.state.rawValue
            isLocked = account.isLocked
            mustChangePassword = account.mustChange
            hasAuthenticator = account.hasAuthenticator
            made = account.made.description
            duties = account.duties.map {
                DutyEntry(
                    duty: $0.number, role: $0.role.rawValue, region: $0.region.text, isConfirmed: $0.isConfirmed,
                    grantedBy: $0.grantedBy)
            }
        }

        var line: String {
            let duties = duties.map { "\($0.role) of \($0.region)" + ($0.isConfirmed ? "" : " (to be confirmed)") }
            let notes = [isProgram ? "program" : nil, state == "active" ? nil : state, isLocked ? "locked" : nil]
                .compactMap(\.self)
            return "  \(name)  \(fullName)  " + (duties.isEmpty ? "no duty" : duties.joined(separator: ", "))
                + (notes.isEmpty ? "" : "  [\(notes.joined(separator: ", "))]")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all accounts with their duties.")

        @OptionGroup var common: CommonOptions

        @Flag(help: "Closed ones too.")
        var closed = false

        private struct Report: Encodable {
            let accounts: [Entry]
        }

        func run() throws {
            let entries = try Accounts(common.registry()).all(closed: closed).map(Entry.init)
            let lines = ["\(entries.count) accounts"] + entries.map(\.line)
            try Output(common).print(Report(accounts: entries), lines.joined(separator: "\n"))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one account.")

        @OptionGroup var whose: Whose

        func run() throws {
            let entry = Entry(try whose.accounts().account(whose.name))
            var lines = [
                "\(entry.name), \(entry.fullName): \(entry.state)\(entry.isLocked ? ", locked" : "")",
                "  made \(entry.made)",
            ]
            lines +=
                entry.isProgram
                ? ["  a program: it asks for tokens with keys of its own"]
                : [
                    "  password: \(entry.mustChangePassword ? "to be changed at the next sign-in" : "the person's own")",
                    "  authenticator: \(entry.hasAuthenticator ? "set up" : "to be set up at the next sign-in")",
                ]
            lines += entry.duties.map {
                "  duty \($0.duty): \($0.role) of \($0.region), by \($0.grantedBy)"
                    + ($0.isConfirmed ? "" : ", to be confirmed by a second administrator")
            }
            try Output(whose.common).print(entry, lines.joined(separator: "\n"))
        }
    }

    /// A password that is told once.
    private struct NewPassword: Encodable {
        let account: String
        let password: String

        var text: String {
            "The password of \(account), to be changed at the first sign-in: \(password)\nIt is nowhere else: hand it over in person."
        }
    }

    struct Make: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an account, and print its first password.",
            discussion: "With --role and --region it has that duty at once; tepat account grant gives others.")

        @OptionGroup var whose: Whose

        @Option(help: "The person's name.")
        var fullName: String

        @Option(help: "The person's NIK, by which the own family can be known; only its keyed hash is kept.")
        var nik: String?

        @Option(help: "What the person is: \(Role.words).")
        var role: Role?

        @Option(help: "The code of the region of that duty.")
        var region: String?

        func validate() throws {
            guard (role == nil) == (region == nil) else { throw ValidationError("give --role and --region together") }
        }

        func run() throws {
            let accounts = try whose.accounts()
            let number = try nik.map { text in
                switch NIK.assess(text, madeUp: accounts.acceptsMadeUp) {
                case .valid(let nik), .suspicious(let nik, _): nik
                case .invalid(let flaw): throw InputError("--nik: \(flaw)")
                }
            }
            let code = try region.map(RegionArgument.code)
            let password = NewPassword(
                account: whose.name,
                password: try accounts.make(
                    whose.name, fullName: fullName, nik: number, by: whose.manager))
            if let role, let code { try accounts.grant(role, in: code, to: whose.name, by: whose.manager) }
            try Output(whose.common).print(password, password.text)
        }
    }

    /// A file with public keys.
    private static func keys(_ path: String) throws -> String {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw RegistryError.file(path: path, reason: "cannot be read as UTF-8 text")
        }
        return text
    }

    struct Program: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an account of a program, which asks for tokens with keys of its own.",
            discussion: """
                The program signs a JWT with its private key and sends it to /oauth/token (OAuth 2.0 client credentials, RFC 7523);                 with the token it gets, it asks at /api/v1/.
                """)

        @OptionGroup var whose: Whose

        @Option(help: "What the program is, and whose.")
        var fullName: String

        @Option(
            help: "A file with its public keys: a JSON Web Key or a set of them, Ed25519 or P-256, each with a kid.")
        var keys: String

        @Option(help: "The role whose rights it has: \(Role.words).")
        var role: Role

        @Option(help: "The code of the region in which it has them.")
        var region: String

        func run() throws {
            try whose.accounts().makeProgram(
                whose.name, fullName: fullName, keys: AccountCommand.keys(keys),
                duty: (role, RegionArgument.code(region)), by: whose.manager)
            try Output(whose.common).print(
                Done(account: whose.name), "\(whose.name) may ask for tokens, as \(role.rawValue) of \(region)")
        }
    }

    struct Keys: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a program other keys in place of those it has: at once.")

        @OptionGroup var whose: Whose

        @Option(
            help: "A file with its public keys: a JSON Web Key or a set of them, Ed25519 or P-256, each with a kid.")
        var keys: String

        func run() throws {
            try whose.accounts().setKeys(AccountCommand.keys(keys), of: whose.name, by: whose.manager)
            try Output(whose.common).print(Done(account: whose.name), "\(whose.name) has these keys alone now")
        }
    }

    struct Grant: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give an account a role in a region.")

        @OptionGroup var whose: Whose

        @Option(help: "What the person is: \(Role.words).")
        var role: Role

        @Option(help: "The region's code.")
        var region: String

        private struct Report: Encodable {
            let duty: Int64
        }

        func run() throws {
            let code = try RegionArgument.code(region)
            let duty = try whose.accounts().grant(role, in: code, to: whose.name, by: whose.manager)
            try Output(whose.common).print(
                Report(duty: duty.number), "duty \(duty.number): \(whose.name) is \(role.rawValue) of \(code)")
        }
    }

    struct Confirm: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Confirm a duty that an administrator gave on the pages.")

        @OptionGroup var whose: Whose

        @Option(help: "The duty's number, as tepat account show lists it.")
        var duty: Int64

        func run() throws {
            try whose.accounts().confirm(duty, of: whose.name, by: whose.manager)
            try Output(whose.common).print(Done(account: whose.name), "duty \(duty) of \(whose.name) holds")
        }
    }

    struct End: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a duty.")

        @OptionGroup var whose: Whose

        @Option(help: "The duty's number, as tepat account show lists it.")
        var duty: Int64

        @Option(help: "Why; the journal keeps it.")
        var reason: String

        func run() throws {
            try whose.accounts().end(duty, of: whose.name, reason: reason, by: whose.manager)
            try Output(whose.common).print(Done(account: whose.name), "duty \(duty) of \(whose.name) has ended")
        }
    }

    private struct Done: Encodable {
        let account: String
    }

    /// What changes whether one can sign in.
    struct Change: ParsableArguments {
        @OptionGroup var whose: Whose

        @Option(help: "Why; the journal keeps it.")
        var reason: String

        func set(_ state: Account.State, _ text: String) throws {
            try whose.accounts().set(state, of: whose.name, reason: reason, by: whose.manager)
            try Output(whose.common).print(Done(account: whose.name), "\(whose.name) \(text)")
        }
    }

    struct Suspend: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let nobody sign in to an account for a time.")
        @OptionGroup var change: Change
        func run() throws { try change.set(.suspended, "is suspended and signed out everywhere") }
    }

    struct Resume: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a suspended account sign in again.")
        @OptionGroup var change: Change
        func run() throws { try change.set(.active, "can sign in again") }
    }

    struct Close: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Close an account for good; nothing is forgotten.")
        @OptionGroup var change: Change
        func run() throws { try change.set(.closed, "is closed") }
    }

    struct Unlock: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forgive the wrong passwords by which somebody locked an account.")

        @OptionGroup var whose: Whose

        func run() throws {
            try whose.accounts().unlock(whose.name, by: whose.manager)
            try Output(whose.common).print(Done(account: whose.name), "\(whose.name) is unlocked")
        }
    }

    struct Reset: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give an account a new password, and sign it out everywhere.")

        @OptionGroup var whose: Whose

        @Flag(help: "The authenticator too: the phone is lost.")
        var authenticator = false

        func run() throws {
            let password = NewPassword(
                account: whose.name,
                password: try whose.accounts().reset(whose.name, authenticator: authenticator, by: whose.manager))
            try Output(whose.common).print(password, password.text)
        }
    }

    struct Code: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the code that an account's authenticator shows now, in a demonstration.")

        @OptionGroup var whose: Whose

        private struct Report: Encodable {
            let code: String
        }

        func run() throws {
            let accounts = try whose.accounts()
            guard accounts.acceptsMadeUp else {
                throw InputError("this region is no demonstration: only the person's own authenticator shows the code")
            }
            guard let code = try accounts.code(of: whose.name) else {
                throw InputError("\(whose.name) has no authenticator yet: sign in once to set one up")
            }
            try Output(whose.common).print(Report(code: code), code)
        }
    }

    struct Rights: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print what each role may do, and of which level its region is.")

        @Flag(help: "Print one JSON object.")
        var json = false

        private struct Row: Encodable {
            let role: String
            let levels: [String]
            let rights: [String]
            let excludes: [String]
            let needsSecond: Bool
        }

        private struct Report: Encodable {
            let roles: [Row]
        }

        func run() throws {
            let rows = Role.allCases.map { role in
                Row(
                    role: role.rawValue, levels: role.levels.map(\.rawValue),
                    rights: Right.allCases.filter(role.rights.contains).map(\.rawValue),
                    excludes: Role.allCases.filter(role.excludes).map(\.rawValue), needsSecond: role.needsSecond)
            }
            var lines: [String] = []
            for row in rows {
                let levels = row.levels.joined(separator: " or ")
                lines.append(
                    "\(row.role), of a \(levels)"
                        + (row.needsSecond ? "; a second administrator confirms it" : ""))
                lines.append("  may: " + (row.rights.isEmpty ? "nothing yet" : row.rights.joined(separator: ", ")))
                if !row.excludes.isEmpty { lines.append("  is never: " + row.excludes.joined(separator: ", ")) }
            }
            try Output(json: json).print(Report(roles: rows), lines.joined(separator: "\n"))
        }
    }
}

extension Role: ExpressibleByArgument {
    static var words: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// A region code given on the command line.
enum RegionArgument {
    static func code(_ text: String) throws -> RegionCode {
        guard let code = RegionCode(text) else {
            throw InputError("“\(text)” is no region code: write it like 35.10.16 (tepat region finds codes)")
        }
        return code
    }
}
