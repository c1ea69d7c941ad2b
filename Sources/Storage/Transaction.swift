import Foundation

/// What a lent connection has been through since it was lent; the rules that both engines keep.
struct Transaction {
    private var isOpen = false
    private(set) var isWriting = false
    /// Whether rows are being taken by a bulk insert.
    var isBulkInserting = false
    /// The first error of the transaction: after it nothing more is done, and nothing is kept.
    private(set) var failure: StorageError?

    mutating func begin(writing: Bool) {
        self = Transaction()
        isOpen = true
        isWriting = writing
    }

    mutating func end() {
        isOpen = false
    }

    /// Remembers an error, so that the transaction ends with it, and gives it back.
    mutating func fail(_ error: StorageError) -> StorageError {
        if failure == nil { failure = error }
        return error
    }

    /// Why a statement may not be run now, or nil where it may.
    func objection(to sql: String) -> StorageError? {
        if !isOpen {
            return .refused(sql: sql, reason: "its connection was used after the closure that it was lent to had ended")
        }
        if let failure {
            return .refused(sql: sql, reason: "an earlier statement of the same transaction failed (\(failure))")
        }
        if isBulkInserting {
            return .refused(sql: sql, reason: "a bulk insert is under way on the same connection")
        }
        return nil
    }

    /// Why a statement of this form is never run, or nil where it may be.
    func objection(to sql: String, form: SQLText, arguments: Int) -> StorageError? {
        if form.hasSeveralStatements {
            return .refused(sql: sql, reason: "there is more than one statement: run each by itself")
        }
        if form.kind == .transaction {
            return .refused(sql: sql, reason: "transactions are begun and ended by read and write alone")
        }
        if form.placeholders != arguments {
            return .refused(sql: sql, reason: "it takes \(form.placeholders) arguments and was given \(arguments)")
        }
        return nil
    }

    /// A name of a table or column, quoted.
    static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// Said of a text that holds the character NUL, which PostgreSQL cannot store and SQLite cuts off when it reads.
    static let nulInText = "a text holds the character NUL (U+0000): remove it"
}

/// Whether the bytes hold a zero.
func holdsNUL(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress else { return false }
    return memchr(base, 0, bytes.count) != nil
}
