import Access
import Foundation
import HTTPTypes
import Hummingbird
import Registry

/// The pages on which people decide whether a row speaks of a person, and look for persons.
extension Site {
    func serveReview() {
        add("/tinjau", for: .right(.reviewLinks), post: { try await self.answerReview($0) }) { visit in
            try await self.review(visit, fault: nil)
        }
        add("/tinjau/batal", for: .right(.reviewLinks), post: { try await self.undo($0) }) { _ in self.seeReview() }
        add("/tinjau/cari", for: .right(.findPersons), post: { try await self.find($0) }) { visit in
            let page = self.page(visit, PageContext.findLink)
            return .page(page.findPage(PersonQuery([:]), nil), language: page.language, keeping: .never)
        }
    }

    private func seeReview() -> Response {
        Response(
            status: .seeOther,
            headers: [.location: PageContext.reviewLink.text, .cacheControl: Response.Keeping.never.field])
    }

    private func review(
        _ visit: Visit, fault: String?, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let reach = try visit.principal.reach(.reviewLinks, for: PageContext.reviewLink.text)
        let sheet = try await model.nextReview(as: reach, language: visit.request.language)
        let last = try await model.lastReview(by: reach.actor)
        let page = page(visit, PageContext.reviewLink)
        return .page(
            page.reviewPage(sheet, last: last, fault: fault), status: status, language: page.language, keeping: .never)
    }

    private func answerReview(_ visit: Visit) async throws -> Response {
        let language = visit.request.language
        let fields = visit.fields
        guard let choice = fields["jawaban"].flatMap(ReviewChoice.init) else {
            return try await review(visit, fault: language(Words.Review.choose), status: .unprocessableContent)
        }
        guard let row = fields["baris"], let person = fields["orang"].flatMap({ Int64($0) }) else {
            throw SiteError(.badRequest)
        }
        let isKept = try await model.answerReview(
            row: row, person: person, choice, note: String((fields["catatan"] ?? "").prefix(200)),
            as: try visit.principal.reach(.reviewLinks, for: PageContext.reviewLink.text))
        guard isKept else {
            return try await review(visit, fault: language(Words.Review.gone), status: .conflict)
        }
        return seeReview()
    }

    private func undo(_ visit: Visit) async throws -> Response {
        guard let decision = visit.fields["keputusan"].flatMap({ Int64($0) }) else { throw SiteError(.badRequest) }
        let reach = try visit.principal.reach(.reviewLinks, for: PageContext.reviewLink.text)
        guard try await model.undoReview(decision, as: reach) else {
            return try await review(
                visit, fault: visit.request.language(Words.Review.notLast), status: .conflict)
        }
        return seeReview()
    }

    /// Looks for somebody.
    private func find(_ visit: Visit) async throws -> Response {
        let fields = visit.fields
        let reach = try visit.principal.reach(.findPersons, for: PageContext.findLink.text)
        var values: [PersonQuery.Field: String] = [:]
        for field in PersonQuery.Field.allCases { values[field] = fields[field.rawValue] }
        let query = PersonQuery(values)
        let page = page(visit, PageContext.findLink)
        let search = query.isEmpty ? .found([]) : try await model.findPerson(query, as: reach)
        let isLoading = if case .loading = search { true } else { false }
        let status = isLoading ? HTTPResponse.Status.serviceUnavailable : .ok
        let headers: HTTPFields = isLoading ? [.retryAfter: "3"] : [:]
        return .page(
            page.findPage(query, search), status: status, language: page.language, keeping: .never, headers: headers)
    }
}
