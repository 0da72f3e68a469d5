import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../../src/engine/bytes/engineError';
import { decodeBase64 } from '../../../../src/engine/json/base64';
import { writeJson } from '../../../../src/engine/json/writeJson';
import { checkLaws, checkMutation, checkPrefixes } from '../codecLaws';
import { codecOf, readValue, versioned } from '../snapshotBytes';

const JAVA = codecOf(versioned('org.apache.flink.runtime.state.JavaSerializer$JavaSerializerSnapshot', 3));

/** Streams that a JVM (OpenJDK 17) wrote with `ObjectOutputStream.writeObject`, and the objects that were written. */
const STREAMS: readonly [string, string, string][] = [
  [
    'Integer',
    'rO0ABXNyABFqYXZhLmxhbmcuSW50ZWdlchLioKT3gYc4AgABSQAFdmFsdWV4cgAQamF2YS5sYW5nLk51bWJlcoaslR0LlOCLAgAAeHAAAAAq',
    '42',
  ],
  [
    'Long',
    'rO0ABXNyAA5qYXZhLmxhbmcuTG9uZzuL5JDMjyPfAgABSgAFdmFsdWV4cgAQamF2YS5sYW5nLk51bWJlcoaslR0LlOCLAgAAeHCAAAAAAAAAAA==',
    '-9223372036854775808',
  ],
  ['Character', 'rO0ABXNyABNqYXZhLmxhbmcuQ2hhcmFjdGVyNItH2WsaJngCAAFDAAV2YWx1ZXhwAGM=', '"c"'],
  ['Boolean', 'rO0ABXNyABFqYXZhLmxhbmcuQm9vbGVhbs0gcoDVnPruAgABWgAFdmFsdWV4cAE=', 'true'],
  ['String', 'rO0ABXQABHRleHQ=', '"text"'],
  ['null', 'rO0ABXA=', 'null'],
  [
    'BigInteger',
    'rO0ABXNyABRqYXZhLm1hdGguQmlnSW50ZWdlcoz8nx+pO/sdAwAGSQAIYml0Q291bnRJAAliaXRMZW5ndGhJABNmaXJzdE5vbnplcm9CeXRlTnVtSQAMbG93ZXN0U2V0Qml0SQAGc2lnbnVtWwAJbWFnbml0dWRldAACW0J4cgAQamF2YS5sYW5nLk51bWJlcoaslR0LlOCLAgAAeHD///////////////7////+/////3VyAAJbQqzzF/gGCFTgAgAAeHAAAAAJQu0SOwvYIDoUeA==',
    '"-1234567890123456789012"',
  ],
  [
    'BigDecimal',
    'rO0ABXNyABRqYXZhLm1hdGguQmlnRGVjaW1hbFTHFVf5gShPAwACSQAFc2NhbGVMAAZpbnRWYWx0ABZMamF2YS9tYXRoL0JpZ0ludGVnZXI7eHIAEGphdmEubGFuZy5OdW1iZXKGrJUdC5TgiwIAAHhwAAAAAnNyABRqYXZhLm1hdGguQmlnSW50ZWdlcoz8nx+pO/sdAwAGSQAIYml0Q291bnRJAAliaXRMZW5ndGhJABNmaXJzdE5vbnplcm9CeXRlTnVtSQAMbG93ZXN0U2V0Qml0SQAGc2lnbnVtWwAJbWFnbml0dWRldAACW0J4cQB+AAL///////////////7////+/////3VyAAJbQqzzF/gGCFTgAgAAeHAAAAACBOJ4eA==',
    '"-12.50"',
  ],
  [
    'UUID',
    'rO0ABXNyAA5qYXZhLnV0aWwuVVVJRLyZA/eYbYUvAgACSgAMbGVhc3RTaWdCaXRzSgALbW9zdFNpZ0JpdHN4cAEjRWeJq83vASNFZ4mrze8=',
    '"01234567-89ab-cdef-0123-456789abcdef"',
  ],
  ['Date', 'rO0ABXNyAA5qYXZhLnV0aWwuRGF0ZWhqgQFLWXQZAwAAeHB3CAAAAYvP5Wh7eA==', '"2023-11-14T22:13:20.123Z"'],
  [
    'Timestamp',
    'rO0ABXNyABJqYXZhLnNxbC5UaW1lc3RhbXAmGNXIAVO/ZQIAAUkABW5hbm9zeHIADmphdmEudXRpbC5EYXRlaGqBAUtZdBkDAAB4cHcIAAABi8/laAB4B1vNFQ==',
    '"2023-11-14T22:13:20.123456789Z"',
  ],
  [
    'Instant',
    'rO0ABXNyAA1qYXZhLnRpbWUuU2VylV2EuhsiSLIMAAB4cHcNAv/////////7AAAABXg=',
    '"1969-12-31T23:59:55.000000005Z"',
  ],
  ['LocalDate', 'rO0ABXNyAA1qYXZhLnRpbWUuU2VylV2EuhsiSLIMAAB4cHcHA////9QDD3g=', '"-0044-03-15"'],
  ['LocalTime', 'rO0ABXNyAA1qYXZhLnRpbWUuU2VylV2EuhsiSLIMAAB4cHcCBOh4', '"23:00:00"'],
  ['LocalTime with seconds', 'rO0ABXNyAA1qYXZhLnRpbWUuU2VylV2EuhsiSLIMAAB4cHcEBBcF9ng=', '"23:05:09"'],
  [
    'LocalDateTime',
    'rO0ABXNyAA1qYXZhLnRpbWUuU2VylV2EuhsiSLIMAAB4cHcOBQAAB+gCHQECAwAAAAR4',
    '"2024-02-29T01:02:03.000000004"',
  ],
  [
    'ArrayList',
    'rO0ABXNyABNqYXZhLnV0aWwuQXJyYXlMaXN0eIHSHZnHYZ0DAAFJAARzaXpleHAAAAADdwQAAAADc3IAEWphdmEubGFuZy5JbnRlZ2VyEuKgpPeBhzgCAAFJAAV2YWx1ZXhyABBqYXZhLmxhbmcuTnVtYmVyhqyVHQuU4IsCAAB4cAAAAAF0AAFhcHg=',
    '[1,"a",null]',
  ],
  [
    'LinkedList',
    'rO0ABXNyABRqYXZhLnV0aWwuTGlua2VkTGlzdAwpU11KYIgiAwAAeHB3BAAAAAFzcgARamF2YS5sYW5nLkludGVnZXIS4qCk94GHOAIAAUkABXZhbHVleHIAEGphdmEubGFuZy5OdW1iZXKGrJUdC5TgiwIAAHhwAAAAAXg=',
    '[1]',
  ],
  [
    'Arrays.asList',
    'rO0ABXNyABpqYXZhLnV0aWwuQXJyYXlzJEFycmF5TGlzdNmkPL7NiAbSAgABWwABYXQAE1tMamF2YS9sYW5nL09iamVjdDt4cHVyABRbTGphdmEubGFuZy5JbnRlZ2VyO/6XraABg+IbAgAAeHAAAAACc3IAEWphdmEubGFuZy5JbnRlZ2VyEuKgpPeBhzgCAAFJAAV2YWx1ZXhyABBqYXZhLmxhbmcuTnVtYmVyhqyVHQuU4IsCAAB4cAAAAAFzcQB+AAUAAAAC',
    '[1,2]',
  ],
  [
    'ArrayDeque',
    'rO0ABXNyABRqYXZhLnV0aWwuQXJyYXlEZXF1ZSB82i4kDaCLAwAAeHB3BAAAAAJzcgARamF2YS5sYW5nLkludGVnZXIS4qCk94GHOAIAAUkABXZhbHVleHIAEGphdmEubGFuZy5OdW1iZXKGrJUdC5TgiwIAAHhwAAAAAXNxAH4AAgAAAAJ4',
    '[1,2]',
  ],
  [
    'CopyOnWriteArrayList',
    'rO0ABXNyAClqYXZhLnV0aWwuY29uY3VycmVudC5Db3B5T25Xcml0ZUFycmF5TGlzdHhdn9VGq5DDAwAAeHB3BAAAAAJzcgARamF2YS5sYW5nLkludGVnZXIS4qCk94GHOAIAAUkABXZhbHVleHIAEGphdmEubGFuZy5OdW1iZXKGrJUdC5TgiwIAAHhwAAAAAXNxAH4AAgAAAAJ4',
    '[1,2]',
  ],
  [
    'HashSet',
    'rO0ABXNyABdqYXZhLnV0aWwuTGlua2VkSGFzaFNldNhs11qV3SoeAgAAeHIAEWphdmEudXRpbC5IYXNoU2V0ukSFlZa4tzQDAAB4cHcMAAAAED9AAAAAAAACc3IAEWphdmEubGFuZy5JbnRlZ2VyEuKgpPeBhzgCAAFJAAV2YWx1ZXhyABBqYXZhLmxhbmcuTnVtYmVyhqyVHQuU4IsCAAB4cAAAAAFzcQB+AAMAAAACeA==',
    '{"$set":[1,2]}',
  ],
  [
    'TreeSet',
    'rO0ABXNyABFqYXZhLnV0aWwuVHJlZVNldN2YUJOV7YdbAwAAeHBwdwQAAAACc3IAEWphdmEubGFuZy5JbnRlZ2VyEuKgpPeBhzgCAAFJAAV2YWx1ZXhyABBqYXZhLmxhbmcuTnVtYmVyhqyVHQuU4IsCAAB4cAAAAAFzcQB+AAIAAAACeA==',
    '{"$set":[1,2]}',
  ],
  [
    'LinkedHashMap',
    'rO0ABXNyABdqYXZhLnV0aWwuTGlua2VkSGFzaE1hcDTATlwQbMD7AgABWgALYWNjZXNzT3JkZXJ4cgARamF2YS51dGlsLkhhc2hNYXAFB9rBwxZg0QMAAkYACmxvYWRGYWN0b3JJAAl0aHJlc2hvbGR4cD9AAAAAAAAMdwgAAAAQAAAAAnQAAWFzcgARamF2YS5sYW5nLkludGVnZXIS4qCk94GHOAIAAUkABXZhbHVleHIAEGphdmEubGFuZy5OdW1iZXKGrJUdC5TgiwIAAHhwAAAAAXQAAWJweAA=',
    '{"a":1,"b":null}',
  ],
  [
    'TreeMap',
    'rO0ABXNyABFqYXZhLnV0aWwuVHJlZU1hcAzB9j4tJWrmAwABTAAKY29tcGFyYXRvcnQAFkxqYXZhL3V0aWwvQ29tcGFyYXRvcjt4cHB3BAAAAAFzcgARamF2YS5sYW5nLkludGVnZXIS4qCk94GHOAIAAUkABXZhbHVleHIAEGphdmEubGFuZy5OdW1iZXKGrJUdC5TgiwIAAHhwAAAAAXQAAXh4',
    '{"$map":[[1,"x"]]}',
  ],
  [
    'unmodifiable',
    'rO0ABXNyACZqYXZhLnV0aWwuQ29sbGVjdGlvbnMkVW5tb2RpZmlhYmxlTGlzdPwPJTG17I4QAgABTAAEbGlzdHQAEExqYXZhL3V0aWwvTGlzdDt4cgAsamF2YS51dGlsLkNvbGxlY3Rpb25zJFVubW9kaWZpYWJsZUNvbGxlY3Rpb24ZQgCAy173HgIAAUwAAWN0ABZMamF2YS91dGlsL0NvbGxlY3Rpb247eHBzcgATamF2YS51dGlsLkFycmF5TGlzdHiB0h2Zx2GdAwABSQAEc2l6ZXhwAAAAAXcEAAAAAXNyABFqYXZhLmxhbmcuSW50ZWdlchLioKT3gYc4AgABSQAFdmFsdWV4cgAQamF2YS5sYW5nLk51bWJlcoaslR0LlOCLAgAAeHAAAAABeHEAfgAG',
    '[1]',
  ],
  [
    'singleton',
    'rO0ABXNyACJqYXZhLnV0aWwuQ29sbGVjdGlvbnMkU2luZ2xldG9uTWFwnyMJkXF/a5ECAAJMAAFrdAASTGphdmEvbGFuZy9PYmplY3Q7TAABdnEAfgABeHB0AAFrc3IADmphdmEubGFuZy5Mb25nO4vkkMyPI98CAAFKAAV2YWx1ZXhyABBqYXZhLmxhbmcuTnVtYmVyhqyVHQuU4IsCAAB4cAAAAAAAAAAB',
    '{"k":1}',
  ],
  [
    'List.of',
    'rO0ABXNyABFqYXZhLnV0aWwuQ29sbFNlcleOq7Y6G6gRAwABSQADdGFneHAAAAABdwQAAAADc3IAEWphdmEubGFuZy5JbnRlZ2VyEuKgpPeBhzgCAAFJAAV2YWx1ZXhyABBqYXZhLmxhbmcuTnVtYmVyhqyVHQuU4IsCAAB4cAAAAAFzcQB+AAIAAAACc3EAfgACAAAAA3g=',
    '[1,2,3]',
  ],
  [
    'Set.of',
    'rO0ABXNyABFqYXZhLnV0aWwuQ29sbFNlcleOq7Y6G6gRAwABSQADdGFneHAAAAACdwQAAAABc3IAEWphdmEubGFuZy5JbnRlZ2VyEuKgpPeBhzgCAAFJAAV2YWx1ZXhyABBqYXZhLmxhbmcuTnVtYmVyhqyVHQuU4IsCAAB4cAAAAAF4',
    '{"$set":[1]}',
  ],
  [
    'Map.of',
    'rO0ABXNyABFqYXZhLnV0aWwuQ29sbFNlcleOq7Y6G6gRAwABSQADdGFneHAAAAADdwQAAAACdAABa3NyABFqYXZhLmxhbmcuSW50ZWdlchLioKT3gYc4AgABSQAFdmFsdWV4cgAQamF2YS5sYW5nLk51bWJlcoaslR0LlOCLAgAAeHAAAAABeA==',
    '{"k":1}',
  ],
  ['bytes', 'rO0ABXVyAAJbQqzzF/gGCFTgAgAAeHAAAAACAQI=', '"AQI="'],
  ['ints', 'rO0ABXVyAAJbSU26YCZ26rKlAgAAeHAAAAACAAAAAQAAAAI=', '[1,2]'],
  ['strings', 'rO0ABXVyABNbTGphdmEubGFuZy5TdHJpbmc7rdJW5+kde0cCAAB4cAAAAAJ0AAFhcA==', '["a",null]'],
  ['enum', 'rO0ABX5yAAdTJENvbG9yAAAAAAAAAAASAAB4cgAOamF2YS5sYW5nLkVudW0AAAAAAAAAABIAAHhwdAAEQkxVRQ==', '"BLUE"'],
  [
    'class',
    'rO0ABXZyABBqYXZhLmxhbmcuU3RyaW5noPCkOHo7s0ICAAB4cA==',
    '{"$class":"java.lang.Class","name":"java.lang.String"}',
  ],
  [
    'object',
    'rO0ABXNyAAdTJE1vbmV5AAAAAAAAAAECAAVEAAFkSQACaWRKAANpZDJMAARuYW1ldAASTGphdmEvbGFuZy9TdHJpbmc7TAAEc2VsZnQAEkxqYXZhL2xhbmcvT2JqZWN0O3hyAAZTJEJhc2UAAAAAAAAAAQIAAUkAAmlkeHAAAAAHP+AAAAAAAAAAAAAIAAAAAAAAAAV0AAF4cQB+AAQ=',
    '{"$class":"S$Money","d":0.5,"id":8,"id2":5,"name":"x","self":{"$bytes":"","$why":"Leads back to the S$Money that contains it."},"S$Base.id":7}',
  ],
  ['empty', 'rO0ABXNyAB9qYXZhLnV0aWwuQ29sbGVjdGlvbnMkRW1wdHlMaXN0ergXtDynnt4CAAB4cA==', '[]'],
  [
    'tuple',
    'rO0ABXNyACZvcmcuYXBhY2hlLmZsaW5rLmFwaS5qYXZhLnR1cGxlLlR1cGxlMgAAAAAAAAABAgACTAACZjB0ABJMamF2YS9sYW5nL09iamVjdDtMAAJmMXEAfgABeHIAJW9yZy5hcGFjaGUuZmxpbmsuYXBpLmphdmEudHVwbGUuVHVwbGUAAAAAAAAAAQIAAHhwdAABYXNyAA5qYXZhLmxhbmcuTG9uZzuL5JDMjyPfAgABSgAFdmFsdWV4cgAQamF2YS5sYW5nLk51bWJlcoaslR0LlOCLAgAAeHAAAAAAAAAABQ==',
    '["a",5]',
  ],
  ['emptySet', 'rO0ABXNyAB5qYXZhLnV0aWwuQ29sbGVjdGlvbnMkRW1wdHlTZXQV9XIdtAPLKAIAAHhw', '{"$set":[]}'],
  [
    'unmodifiableMap',
    'rO0ABXNyACVqYXZhLnV0aWwuQ29sbGVjdGlvbnMkVW5tb2RpZmlhYmxlTWFw8aWo/nT1B0ICAAFMAAFtdAAPTGphdmEvdXRpbC9NYXA7eHBzcgARamF2YS51dGlsLkhhc2hNYXAFB9rBwxZg0QMAAkYACmxvYWRGYWN0b3JJAAl0aHJlc2hvbGR4cD9AAAAAAAABdwgAAAACAAAAAXQAAWtzcgARamF2YS5sYW5nLkludGVnZXIS4qCk94GHOAIAAUkABXZhbHVleHIAEGphdmEubGFuZy5OdW1iZXKGrJUdC5TgiwIAAHhwAAAAAng=',
    '{"k":2}',
  ],
  [
    'ConcurrentHashMap',
    'rO0ABXNyACZqYXZhLnV0aWwuY29uY3VycmVudC5Db25jdXJyZW50SGFzaE1hcGSZ3hKdhyk9AwADSQALc2VnbWVudE1hc2tJAAxzZWdtZW50U2hpZnRbAAhzZWdtZW50c3QAMVtMamF2YS91dGlsL2NvbmN1cnJlbnQvQ29uY3VycmVudEhhc2hNYXAkU2VnbWVudDt4cAAAAA8AAAAcdXIAMVtMamF2YS51dGlsLmNvbmN1cnJlbnQuQ29uY3VycmVudEhhc2hNYXAkU2VnbWVudDtSdz9BMps5dAIAAHhwAAAAEHNyAC5qYXZhLnV0aWwuY29uY3VycmVudC5Db25jdXJyZW50SGFzaE1hcCRTZWdtZW50HzZMkFiTKT0CAAFGAApsb2FkRmFjdG9yeHIAKGphdmEudXRpbC5jb25jdXJyZW50LmxvY2tzLlJlZW50cmFudExvY2tmVagsLMhq6wIAAUwABHN5bmN0AC9MamF2YS91dGlsL2NvbmN1cnJlbnQvbG9ja3MvUmVlbnRyYW50TG9jayRTeW5jO3hwc3IANGphdmEudXRpbC5jb25jdXJyZW50LmxvY2tzLlJlZW50cmFudExvY2skTm9uZmFpclN5bmNliDLnU3u/CwIAAHhyAC1qYXZhLnV0aWwuY29uY3VycmVudC5sb2Nrcy5SZWVudHJhbnRMb2NrJFN5bmO4HqKUqkRafAIAAHhyADVqYXZhLnV0aWwuY29uY3VycmVudC5sb2Nrcy5BYnN0cmFjdFF1ZXVlZFN5bmNocm9uaXplcmZVqEN1P1LjAgABSQAFc3RhdGV4cgA2amF2YS51dGlsLmNvbmN1cnJlbnQubG9ja3MuQWJzdHJhY3RPd25hYmxlU3luY2hyb25pemVyM9+vua1tb6kCAAB4cAAAAAA/QAAAc3EAfgAFc3EAfgAJAAAAAD9AAABzcQB+AAVzcQB+AAkAAAAAP0AAAHNxAH4ABXNxAH4ACQAAAAA/QAAAc3EAfgAFc3EAfgAJAAAAAD9AAABzcQB+AAVzcQB+AAkAAAAAP0AAAHNxAH4ABXNxAH4ACQAAAAA/QAAAc3EAfgAFc3EAfgAJAAAAAD9AAABzcQB+AAVzcQB+AAkAAAAAP0AAAHNxAH4ABXNxAH4ACQAAAAA/QAAAc3EAfgAFc3EAfgAJAAAAAD9AAABzcQB+AAVzcQB+AAkAAAAAP0AAAHNxAH4ABXNxAH4ACQAAAAA/QAAAc3EAfgAFc3EAfgAJAAAAAD9AAABzcQB+AAVzcQB+AAkAAAAAP0AAAHNxAH4ABXNxAH4ACQAAAAA/QAAAdAABa3NyABFqYXZhLmxhbmcuSW50ZWdlchLioKT3gYc4AgABSQAFdmFsdWV4cgAQamF2YS5sYW5nLk51bWJlcoaslR0LlOCLAgAAeHAAAAACcHB4',
    '{"k":2}',
  ],
];

/** Forty arrays, each of which holds the next one twice. */
const DOUBLING =
  'rO0ABXVyABNbTGphdmEubGFuZy5PYmplY3Q7kM5YnxBzKWwCAAB4cAAAAAJ1cQB+AAAAAAACdXEAfgAAAAAAAnVxAH4AAAAAAAJ1cQB+AAAAAAACdXEAfgAAAAAAAnVxAH4AAAAAAAJ1cQB+AAAAAAACdXEAfgAAAAAAAnVxAH4AAAAAAAJ1cQB+AAAAAAACdXEAfgAAAAAAAnVxAH4AAAAAAAJ1cQB+AAAAAAACdXEAfgAAAAAAAnVxAH4AAAAAAAJ1cQB+AAAAAAACdXEAfgAAAAAAAnVxAH4AAAAAAAJ1cQB+AAAAAAACdXEAfgAAAAAAAnVxAH4AAAAAAAJ1cQB+AAAAAAACdXEAfgAAAAAAAnVxAH4AAAAAAAJ1cQB+AAAAAAACdXEAfgAAAAAAAnVxAH4AAAAAAAJ1cQB+AAAAAAACdXEAfgAAAAAAAnVxAH4AAAAAAAJ1cQB+AAAAAAACdXEAfgAAAAAAAnVxAH4AAAAAAAJ1cQB+AAAAAAACdXEAfgAAAAAAAnVxAH4AAAAAAAJ1cQB+AAAAAAACdXEAfgAAAAAAAnVxAH4AAAAAAAJ1cQB+AAAAAAABc3IAEWphdmEubGFuZy5JbnRlZ2VyEuKgpPeBhzgCAAFJAAV2YWx1ZXhyABBqYXZhLmxhbmcuTnVtYmVyhqyVHQuU4IsCAAB4cAAAAAFxAH4AKXEAfgAocQB+ACdxAH4AJnEAfgAlcQB+ACRxAH4AI3EAfgAicQB+ACFxAH4AIHEAfgAfcQB+AB5xAH4AHXEAfgAccQB+ABtxAH4AGnEAfgAZcQB+ABhxAH4AF3EAfgAWcQB+ABVxAH4AFHEAfgATcQB+ABJxAH4AEXEAfgAQcQB+AA9xAH4ADnEAfgANcQB+AAxxAH4AC3EAfgAKcQB+AAlxAH4ACHEAfgAHcQB+AAZxAH4ABXEAfgAEcQB+AANxAH4AAg==';

describe('JavaSerializer', () => {
  it.each(STREAMS)('%s', (_name, stream, json) => {
    const bytes = decodeBase64(stream);
    expect(writeJson(readValue(JAVA, bytes))).toBe(json);
    checkLaws(JAVA, bytes, { json: false });
    checkPrefixes(JAVA, bytes);
  });

  it('refuses changed streams with an EngineError, or keeps their bytes', () => {
    for (const [, stream] of STREAMS) {
      const bytes = decodeBase64(stream);
      for (let at = 0; at < bytes.length; at++) checkMutation(JAVA, bytes, at, (bytes[at] + 1 + at) & 0xff);
    }
  });

  it('does not unfold a small stream to a giant value', () => {
    expect(() => readValue(JAVA, decodeBase64(DOUBLING))).toThrow(EngineError);
  });
});
