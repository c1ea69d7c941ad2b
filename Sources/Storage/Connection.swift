/// One connection of a ``Database``, lent to a closure for the length of one transaction.
///
/// It is used on the thread that lent it and nowhere else, so its calls are plain synchronous ones. SQL is written
/// once for both engines: `?` marks each argument in order, and statements are prepared once per connection and text.
///
/// What holds for both engines:
/// - A statement that fails ends the transaction: later ones are refused, nothing is kept, and the transaction throws
///   the first error even where the closure caught it. So does a bulk insert whose closure throws. The closure of a
///   query may throw and be caught.
/// - Other statements may be run while a query hands out its rows, but not ones that change the tables it reads: which
///   of the changes it would see is not said. None may be run inside a bulk insert.
/// - Text is compared byte by byte, `LIKE` tells upper from lower case.
/// - A text never holds NUL (U+0000).
/// - Columns are read as what they are: booleans as the integers 0 and 1; a sum or an average, which PostgreSQL
///   computes as `numeric`, as an integer or a floating-point number.
///
/// What a statement must avoid, for the engines differ: keys that the engine chooses (give them), `CAST(… AS INTEGER)`
/// of a number with a fraction (one rounds, one truncates), arguments where PostgreSQL asks for a 32-bit integer (the
/// second and third of `substr`), conditions without a comparison (`WHERE closed = 1`, never `WHERE closed`), the
/// scalar `max(a, b)`, `INSERT OR …` (write `ON CONFLICT`).
public protocol Connection: AnyObject {
    /// Runs one statement and returns how many rows it changed.
    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws(StorageError) -> Int

    /// Runs a query and hands each row to `body` without keeping any: the way to read millions.
    ///
    /// - Throws: a ``StorageError`` of the engine, or whatever `body` throws, which ends the query.
    func forEach(_ sql: String, _ arguments: [SQLValue], _ body: (any Cursor) throws -> Void) throws

    /// Like ``forEach(_:_:_:)``, for a result that fits in memory: one exchange with a server instead of several.
    func forEachHeld(_ sql: String, _ arguments: [SQLValue], _ body: (any Cursor) throws -> Void) throws

    /// Inserts many rows, in the engine's fastest way (`COPY` for PostgreSQL, one prepared insert for SQLite).
    ///
    /// `body` appends the columns of a row in the order of `columns` and ends it with ``BulkWriter/endRow()``.
    /// - Returns: the number of rows inserted.
    @discardableResult
    func bulkInsert(into table: String, columns: [String], _ body: (any BulkWriter) throws -> Void) throws -> Int
}

/// The current row of a query. Columns are counted from 0; a value is valid until the closure returns.
public protocol Cursor: AnyObject {
    /// Whether the column is null.
    func isNull(_ column: Int) -> Bool
    /// The column as an integer; 0 where it is null.
    func int64(_ column: Int) -> Int64
    /// The column as a floating-point number; 0 where it is null.
    func double(_ column: Int) -> Double
    /// The column as a text; empty where it is null.
    func text(_ column: Int) -> String
    /// The bytes of a text or blob column, without copying them; empty where it is null.
    func withBytes<Result>(_ column: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
    /// The column as a value.
    func value(_ column: Int) -> SQLValue
}

/// Where ``Connection/bulkInsert(into:columns:_:)`` takes its rows, column by column.
public protocol BulkWriter: AnyObject {
    /// Appends null to the row.
    func appendNull()
    /// Appends an integer to the row.
    func append(_ value: Int64)
    /// Appends a floating-point number to the row.
    func append(_ value: Double)
    /// Appends a text to the row.
    func append(_ value: String)
    /// Appends a text, given as valid UTF-8 without NUL, to the row. The bytes are copied.
    func append(utf8 bytes: UnsafeRawBufferPointer)
    /// Appends a blob to the row. The bytes are copied.
    func append(blob bytes: UnsafeRawBufferPointer)
    /// Writes the row.
    func endRow() throws(StorageError)
}

extension Cursor {
    /// The column as an integer, or nil where it is null.
    public func optionalInt64(_ column: Int) -> Int64? { isNull(column) ? nil : int64(column) }
    /// The column as a text, or nil where it is null.
    public func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
    /// The column as a floating-point number, or nil where it is null.
    public func optionalDouble(_ column: Int) -> Double? { isNull(column) ? nil : double(column) }
    /// The bytes of a blob column, copied; empty where it is null.
    public func bytes(_ column: Int) -> [UInt8] { withBytes(column) { [UInt8]($0) } }
}

extension Connection {
    /// Runs one statement without arguments.
    @discardableResult
    public func execute(_ sql: String) throws(StorageError) -> Int { try execute(sql, []) }

    /// The rows of a query, each made by `row`; for results that fit in memory.
    public func query<Element>(
        _ sql: String, _ arguments: [SQLValue] = [], _ row: (any Cursor) throws -> Element
    ) throws -> [Element] {
        var rows: [Element] = []
        try forEachHeld(sql, arguments) { rows.append(try row($0)) }
        return rows
    }

    /// The first row of a query, made by `row`, or nil where there is none. Others are passed over: say `LIMIT 1`.
    public func first<Element>(
        _ sql: String, _ arguments: [SQLValue] = [], _ row: (any Cursor) throws -> Element
    ) throws -> Element? {
        var first: Element?
        var isFound = false
        try forEachHeld(sql, arguments) { cursor in
            guard !isFound else { return }
            isFound = true
            first = try row(cursor)
        }
        return first
    }

    /// The one integer that a query such as `SELECT count(*) …` gives; 0 where there is no row.
    public func count(_ sql: String, _ arguments: [SQLValue] = []) throws -> Int {
        Int(try first(sql, arguments) { $0.int64(0) } ?? 0)
    }
}
