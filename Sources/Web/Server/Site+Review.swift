import Foundation
import HTTPTypes
import Hummingbird

/// The pages on which people decide whether a row speaks of a person. They show personal data: only to who is signed in.
extension Site {
    func serveReview(
        _ add: (RouterPath, Routes.Handler?, @escaping Routes.Handler) -> Void, _ code: OfficerCode
    ) {
        add("/tinjau", { request, _ in try await self.answerReview(request) }) { request, _ in
            guard let reviewer = self.reviewer(request) else { return self.signIn(request, SignInForm()) }
            return try await self.review(request, reviewer, fault: nil)
        }
        add("/tinjau/masuk", { request, context in try await self.signIn(request, context, code) }) { request, _ in
            self.seeOther(request)
        }
        add("/tinjau/batal", { request, _ in try await self.undo(request) }) { request, _ in self.seeOther(request) }
        add("/tinjau/cari", { request, _ in try await self.find(request) }) { request, _ in
            guard self.reviewer(request) != nil else { return self.signIn(request, SignInForm()) }
            let page = self.page(request, PageContext.findLink)
            return .page(page.findPage(PersonQuery([:]), nil), language: page.language, keeping: .never)
        }
        add("/tinjau/keluar", { request, _ in self.signOut(request) }) { request, _ in self.seeOther(request) }
    }

    private func token(_ request: Request) -> String? { request.cookies[OfficerSessions.cookie]?.value }

    private func reviewer(_ request: Request) -> String? { sessions.name(token(request)) }

    private func seeOther(_ request: Request, _ headers: HTTPFields = [:]) -> Response {
        var fields = headers
        fields[.location] = PageContext.reviewLink.text
        fields[.cacheControl] = Response.Keeping.never.field
        return Response(status: .seeOther, headers: fields)
    }

    private func cookie(_ token: String, seconds: Int64) -> HTTPField {
        let isBehindTLS = configuration.publicOrigin?.hasPrefix("https://") ?? false
        return HTTPField(
            name: .setCookie,
            value: "\(OfficerSessions.cookie)=\(token); Path=/tinjau; Max-Age=\(seconds); SameSite=Strict; HttpOnly"
                + (isBehindTLS ? "; Secure" : ""))
    }

    private func signIn(
        _ request: Request, _ form: SignInForm, _ status: HTTPResponse.Status = .ok, _ headers: HTTPFields = [:]
    ) -> Response {
        let page = page(request, PageContext.reviewLink)
        return .page(page.signInPage(form), status: status, language: page.language, keeping: .never, headers: headers)
    }

    private func signIn(
        _ request: Request, _ context: SiteContext, _ code: OfficerCode
    ) async throws -> Response {
        let language = request.language
        let fields = try await fields(of: request)
        var form = SignInForm()
        form.name = (fields["nama"] ?? "").split(separator: " ").joined(separator: " ")
        let isName = form.name.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || " .'-".unicodeScalars.contains($0)
        }
        guard (3...40).contains(form.name.count), isName else {
            form.nameFault = language(Words.Review.nameWrong)
            return signIn(request, form, .unprocessableContent)
        }
        // One key for all: who guesses at the code guesses at the same thing from every address.
        let key = Array("officer".utf8)
        let address = request.clientAddress(configuration.clientAddress, peer: context.peerAddress)
        if case .refused(let seconds) = await limiter.admit(person: key, address: address) {
            form.codeFault = language(Words.Rules.codeWait(String(seconds)))
            return signIn(request, form, .tooManyRequests, [.retryAfter: String(seconds)])
        }
        guard code.matches(fields["kode"] ?? "") else {
            form.codeFault = language(Words.Rules.codeWrong)
            return signIn(request, form, .forbidden)
        }
        await limiter.matched(person: key, address: address)
        var headers: HTTPFields = [:]
        headers.append(cookie(sessions.open(form.name), seconds: 12 * 3600))
        return seeOther(request, headers)
    }

    private func signOut(_ request: Request) -> Response {
        sessions.close(token(request))
        var headers: HTTPFields = [:]
        headers.append(cookie("", seconds: 0))
        return seeOther(request, headers)
    }

    private func review(
        _ request: Request, _ reviewer: String, fault: String?, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let sheet = try await model.nextReview(for: reviewer, language: request.language)
        let last = try await model.lastReview(by: reviewer)
        let page = page(request, PageContext.reviewLink)
        return .page(
            page.reviewPage(sheet, reviewer: reviewer, last: last, fault: fault), status: status,
            language: page.language,
            keeping: .never)
    }

    private func answerReview(_ request: Request) async throws -> Response {
        guard let reviewer = reviewer(request) else { return signIn(request, SignInForm(), .forbidden) }
        let language = request.language
        let fields = try await fields(of: request)
        guard let choice = fields["jawaban"].flatMap(ReviewChoice.init) else {
            return try await review(
                request, reviewer, fault: language(Words.Review.choose), status: .unprocessableContent)
        }
        guard let row = fields["baris"], let person = fields["orang"].flatMap({ Int64($0) }) else {
            throw SiteError(.badRequest)
        }
        let isKept = try await model.answerReview(
            row: row, person: person, choice, note: String((fields["catatan"] ?? "").prefix(200)), by: reviewer)
        guard isKept else {
            return try await review(request, reviewer, fault: language(Words.Review.gone), status: .conflict)
        }
        return seeOther(request)
    }

    private func undo(_ request: Request) async throws -> Response {
        guard let reviewer = reviewer(request) else { return signIn(request, SignInForm(), .forbidden) }
        guard let decision = try await fields(of: request)["keputusan"].flatMap({ Int64($0) }) else {
            throw SiteError(.badRequest)
        }
        guard try await model.undoReview(decision, by: reviewer) else {
            return try await review(
                request, reviewer, fault: request.language(Words.Review.notLast), status: .conflict)
        }
        return seeOther(request)
    }

    private struct FindAnswer: Encodable {
        let known: Bool
        let persons: [FoundPerson]
    }

    /// Answers a form with a page, and one who accepts JSON with that.
    private func find(_ request: Request) async throws -> Response {
        guard let reviewer = reviewer(request) else { return signIn(request, SignInForm(), .forbidden) }
        let fields = try await fields(of: request)
        var values: [PersonQuery.Field: String] = [:]
        for field in PersonQuery.Field.allCases { values[field] = fields[field.rawValue] }
        let query = PersonQuery(values)
        let page = page(request, PageContext.findLink)
        let search = query.isEmpty ? .found([]) : try await model.findPerson(query, by: reviewer)
        let isLoading = if case .loading = search { true } else { false }
        let status = isLoading ? HTTPResponse.Status.serviceUnavailable : .ok
        let headers: HTTPFields = isLoading ? [.retryAfter: "3"] : [:]
        if request.headers[.accept]?.hasPrefix("application/json") ?? false, case .found(let persons) = search {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            encoder.keyEncodingStrategy = .convertToSnakeCase
            let answer = try encoder.encode(
                FindAnswer(known: (persons.first?.probability ?? 0) >= 0.5, persons: persons))
            return .text(String(decoding: answer, as: UTF8.self), mediaType: "application/json", keeping: .never)
        }
        return .page(
            page.findPage(query, search), status: status, language: page.language, keeping: .never, headers: headers)
    }
}
