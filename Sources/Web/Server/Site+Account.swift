import Access
import Foundation
import HTTPTypes
import Hummingbird

/// What somebody who is signed in finds first, and the own account.
extension Site {
    func serveAccount(_ door: Door) {
        add("/meja", for: .signedIn) { visit in
            let page = self.page(visit, Link("meja"))
            return .page(page.deskPage(), language: page.language, keeping: .never)
        }
        add("/hak", for: .signedIn) { visit in
            let page = self.page(visit, Link("hak"))
            return .page(page.rightsPage(), language: page.language, keeping: .never)
        }
        add("/akun", for: .signedIn) { visit in try await self.account(visit, door) }
        add("/akun/sandi", for: .signedIn, post: { try await self.changePassword($0, door) }) { _ in self.seeAccount() }
        add(
            "/akun/perangkat", for: .signedIn,
            post: { visit in
                guard let number = visit.fields["nomor"].flatMap({ Int64($0) }) else { throw SiteError(.badRequest) }
                try await door.run { try $0.forget(device: number, of: visit.principal) }
                return self.seeAccount()
            }
        ) { _ in self.seeAccount() }
        add(
            "/akun/keluar", for: .signedIn,
            post: { visit in
                try await door.run { try $0.signOutEverywhere(visit.principal) }
                var headers: HTTPFields = [.location: Link("masuk").text]
                headers.append(door.set(.session, nil))
                headers.append(door.set(.device, nil))
                return Response(status: .seeOther, headers: headers)
            }
        ) { _ in self.seeAccount() }
    }

    private func seeAccount() -> Response {
        Response(
            status: .seeOther,
            headers: [.location: Link("akun").text, .cacheControl: Response.Keeping.never.field])
    }

    private func account(
        _ visit: Visit, _ door: Door, fault: String? = nil, done: String? = nil, _ status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let devices = try await door.run { try $0.devices(of: visit.principal) }
        let page = page(visit, Link("akun"))
        return .page(
            page.accountPage(devices, fault: fault, done: done), status: status, language: page.language,
            keeping: .never)
    }

    private func changePassword(_ visit: Visit, _ door: Door) async throws -> Response {
        let language = visit.request.language
        let (old, new) = (visit.fields["sandi"] ?? "", visit.fields["sandi-baru"] ?? "")
        func refuse(_ fault: Phrase, _ status: HTTPResponse.Status = .unprocessableContent) async throws -> Response {
            try await account(visit, door, fault: language(fault), status)
        }
        guard new == visit.fields["sandi-ulang"] else { return try await refuse(Words.Access.repeatWrong) }
        do {
            switch try await door.runWithPassword({
                try $0.change(password: old, to: new, session: visit.token)
            }) {
            case nil, .moved: return try await account(visit, door, done: language(Words.Access.changed))
            case .wrong: return try await refuse(Words.Access.oldWrong)
            case .wait(let seconds):
                return try await refuse(
                    Words.Access.wait(language.duration(seconds: Int(seconds))), .tooManyRequests)
            case .locked: return try await refuse(Words.Access.locked)
            case .over: return seeAccount()
            }
        } catch AccessError.weakPassword(let weakness) {
            return try await refuse(Words.Access.weak(weakness))
        }
    }
}
