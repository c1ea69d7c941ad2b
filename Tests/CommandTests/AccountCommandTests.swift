import Foundation
import Testing

@Suite("tepat account")
struct AccountCommandTests {
    @Test("makes accounts, gives and ends duties, and says what is wrong and how to mend it")
    func work() throws {
        try MadeUp.use(.made) { place in
            let made = try place.run(
                "account", "make", "siti.rahma", "--full-name", "Siti Rahma", "--nik", "3599015708570001", "--role",
                "agent", "--region", "35.10.16.1007", "--json"
            ).expectDone().json()
            #expect(made["account"]?.text == "siti.rahma" && made["password"]?.text?.count == 23)
            let other = try place.run(
                "account", "grant", "siti.rahma", "--role", "village", "--region", "35.10.01.2001", "--json"
            ).expectDone().json()
            #expect(other["duty"]?.int == 2)
            try place.run("account", "end", "siti.rahma", "--duty", "1", "--reason", "moved").expectDone()
            let shown = try place.run("account", "show", "siti.rahma", "--json").expectDone().json()
            #expect(shown["duties"]?.elements.count == 1 && shown["must_change_password"] == .truth(true))
            let list = try place.run("account", "list").expectDone().output
            #expect(list.contains("1 accounts") && list.contains("siti.rahma  Siti Rahma  village of 35.10.01.2001"))

            for (arguments, words) in [
                (["make", "siti.rahma", "--full-name", "Siti"], "another account has the name"),
                (["make", "Siti!", "--full-name", "Siti"], "a letter first"),
                (["make", "budi", "--full-name", "Budi", "--nik", "123"], "--nik"),
                (["grant", "nobody", "--role", "agent", "--region", "35.10.16.1007"], "tepat account list"),
                (["grant", "siti.rahma", "--role", "agent", "--region", "35.10"], "must be a village"),
                (["grant", "siti.rahma", "--role", "payer", "--region", "35.10"], "end that duty first"),
                (["end", "siti.rahma", "--duty", "9", "--reason", "x"], "tepat account show"),
            ] {
                let outcome = try place.run(["account"] + arguments)
                #expect(outcome.status == 65 && outcome.messages.contains(words), "\(arguments): \(outcome)")
            }
            let none = try place.run("account", "make", "budi", "--full-name", "Budi", "--role", "agent")
            #expect(none.status == 64 && none.messages.contains("together"))

            try place.run("account", "suspend", "siti.rahma", "--reason", "leave").expectDone()
            #expect(try place.run("account", "list").expectDone().output.contains("[suspended]"))
            try place.run("account", "resume", "siti.rahma", "--reason", "back").expectDone()
            let reset = try place.run("account", "reset", "siti.rahma", "--authenticator", "--json").expectDone().json()
            #expect(reset["password"]?.text != made["password"]?.text)
            try place.run("account", "unlock", "siti.rahma").expectDone()
            let code = try place.run("account", "code", "siti.rahma")
            #expect(code.status == 65 && code.messages.contains("no authenticator yet"))
            try place.run("account", "close", "siti.rahma", "--reason", "retired").expectDone()
            #expect(try place.run("account", "list").expectDone().output.contains("0 accounts"))
            #expect(try place.run("account", "list", "--closed").expectDone().output.contains("[closed]"))
            try place.expectSound()
        }
    }

    @Test("prints the table of rights, as docs/access.md shows it")
    func rights() throws {
        let text = try Tepat.run("account", "rights").expectDone().output
        #expect(text.contains("administrator, of a province or regency; a second administrator confirms it"))
        let table = try Tepat.run("account", "rights", "--json").expectDone().json()
        let roles = table["roles"]?.elements ?? []
        #expect(roles.count == 9)
        let document = try String(
            contentsOf: Tepat.home.appendingPathComponent("docs/access.md"), encoding: .utf8)
        for role in roles {
            let name = try #require(role["role"]?.text)
            let row = try #require(document.split(separator: "\n").first { $0.hasPrefix("| `\(name)`") }, "\(name)")
            #expect(row.contains("²") == (role["needs_second"] == .truth(true)), "\(name)")
        }
    }
}
