import Access
import Foundation
import HTTPTypes
import Hummingbird
import Journal
import Registry

/// Where administrators give accounts and duties, and who may read the journal does.
extension Site {
    func serveAdministration(_ door: Door) {
        add("/pengguna", for: .right(.manageAccounts), post: { try await self.makeAccount($0, door) }) { visit in
            try await self.accounts(visit, door)
        }
        add("/pengguna/:nama", for: .right(.manageAccounts), post: { try await self.changeAccount($0, door) }) {
            visit in
            try await self.oneAccount(visit, door)
        }
        add("/jurnal", for: .right(.readJournal)) { visit in try await self.journal(visit, door) }
    }

    private func accounts(
        _ visit: Visit, _ door: Door, form: NewAccountForm = NewAccountForm(), password: NewPassword? = nil,
        _ status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let accounts = try await door.run { try $0.all() }
        let page = page(visit, Link("pengguna"))
        return .page(
            page.accountsPage(accounts, form, password), status: status, language: page.language, keeping: .never)
    }

    private func makeAccount(_ visit: Visit, _ door: Door) async throws -> Response {
        let fields = visit.fields
        var form = NewAccountForm()
        form.name = (fields["akun"] ?? "").lowercased()
        form.fullName = fields["orang"] ?? ""
        form.role = fields["peran"].flatMap(Role.init)
        form.region = fields["wilayah"] ?? ""
        let wanted = form
        guard let role = form.role, let region = RegionCode(form.region) else {
            form.fault = visit.request.language(Words.Access.noRegion)
            return try await accounts(visit, door, form: form, .unprocessableContent)
        }
        do {
            let password = try await door.runWithPassword { accounts in
                try accounts.make(
                    wanted.name, fullName: wanted.fullName, duty: (role, region), by: .account(visit.principal))
            }
            return try await accounts(visit, door, password: NewPassword(name: form.name, password: password))
        } catch let error as AccessError {
            form.fault = visit.request.language(Words.Access.refused(error))
            return try await accounts(visit, door, form: form, .unprocessableContent)
        }
    }

    private func name(_ visit: Visit) throws -> String {
        guard let name = visit.context.parameters.get("nama") else { throw SiteError(.notFound) }
        return name
    }

    private func oneAccount(
        _ visit: Visit, _ door: Door, fault: String? = nil, password: NewPassword? = nil,
        _ status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let name = try name(visit)
        let account: Account
        do {
            account = try await door.run { try $0.account(name) }
        } catch AccessError.unknownAccount {
            throw SiteError(.notFound)
        }
        let page = page(visit, Link("pengguna", name))
        return .page(
            page.oneAccountPage(account, fault: fault, password: password), status: status, language: page.language,
            keeping: .never)
    }

    private func changeAccount(_ visit: Visit, _ door: Door) async throws -> Response {
        let (name, fields, language) = (try name(visit), visit.fields, visit.request.language)
        guard let change = fields["ubah"].flatMap(AccountChange.init) else { throw SiteError(.badRequest) }
        let manager = Manager.account(visit.principal)
        let reason = fields["alasan"] ?? ""
        let duty = fields["tugas"].flatMap { Int64($0) } ?? 0
        guard !change.needsReason || !reason.allSatisfy(\.isWhitespace) else {
            return try await oneAccount(
                visit, door, fault: language(Words.Access.noReason), .unprocessableContent)
        }
        do {
            switch change {
            case .grant:
                guard let role = fields["peran"].flatMap(Role.init), let region = RegionCode(fields["wilayah"] ?? "")
                else {
                    return try await oneAccount(
                        visit, door, fault: language(Words.Access.noRegion), .unprocessableContent)
                }
                try await door.run { _ = try $0.grant(role, in: region, to: name, by: manager) }
            case .confirm: try await door.run { try $0.confirm(duty, of: name, by: manager) }
            case .end: try await door.run { try $0.end(duty, of: name, reason: reason, by: manager) }
            case .suspend: try await door.run { try $0.set(.suspended, of: name, reason: reason, by: manager) }
            case .resume: try await door.run { try $0.set(.active, of: name, reason: reason, by: manager) }
            case .close: try await door.run { try $0.set(.closed, of: name, reason: reason, by: manager) }
            case .unlock: try await door.run { try $0.unlock(name, by: manager) }
            case .reset, .resetAll:
                let password = try await door.runWithPassword {
                    try $0.reset(name, authenticator: change == .resetAll, by: manager)
                }
                return try await oneAccount(visit, door, password: NewPassword(name: name, password: password))
            }
        } catch AccessError.unknownAccount {
            throw SiteError(.notFound)
        } catch let error as AccessError {
            return try await oneAccount(
                visit, door, fault: language(Words.Access.refused(error)), .unprocessableContent)
        }
        return Response(
            status: .seeOther,
            headers: [.location: Link("pengguna", name).text, .cacheControl: Response.Keeping.never.field])
    }

    private func journal(_ visit: Visit, _ door: Door) async throws -> Response {
        let subject = visit.request.queryFields["perihal"] ?? ""
        let entries = try await door.run { accounts in
            try accounts.journal(about: subject.isEmpty ? nil : subject, limit: 200, by: visit.principal)
        }
        let page = page(visit, Link("jurnal"))
        return .page(page.journalPage(entries, subject: subject), language: page.language, keeping: .never)
    }
}
