package io.davylamp.skywalking;

import graphql.GraphQLContext;
import graphql.execution.CoercedVariables;
import graphql.language.IntValue;
import graphql.language.StringValue;
import graphql.language.Value;
import graphql.schema.Coercing;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import graphql.schema.GraphQLScalarType;
import io.davylamp.core.Quoted;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;

/**
 * Whole numbers, which may come as text: SkyWalking's page sends a duration as it was typed, {@code "10"}, and its server takes
 * that for every {@code Int} and {@code Long}.
 */
final class TypedNumber implements Coercing<Number, Number> {
    static final GraphQLScalarType INT = scalar("Int", Integer.MIN_VALUE, Integer.MAX_VALUE);
    static final GraphQLScalarType LONG = scalar("Long", Long.MIN_VALUE, Long.MAX_VALUE);

    /** Longer than any that is in range, zeros before and after included. */
    private static final int MAX_CHARACTERS = 40;

    private final long min;
    private final long max;

    private TypedNumber(long min, long max) {
        this.min = min;
        this.max = max;
    }

    private static GraphQLScalarType scalar(String name, long min, long max) {
        return GraphQLScalarType.newScalar()
                .name(name)
                .coercing(new TypedNumber(min, max))
                .build();
    }

    private Number sized(long number) {
        if (max == Integer.MAX_VALUE) {
            return (int) number;
        }
        return number;
    }

    /** Null when it is no whole number in range. */
    private Number number(String text) {
        if (text.length() > MAX_CHARACTERS) {
            return null;
        }
        try {
            long number =
                    new BigDecimal(text.strip()).longValueExact(); // it looks at the exponent before it unpacks it
            if (number < min || number > max) {
                return null;
            }
            return sized(number);
        } catch (ArithmeticException | NumberFormatException e) {
            return null;
        }
    }

    private String wrong(String text) {
        return Quoted.of(text) + " is no whole number from " + min + " to " + max;
    }

    @Override
    public Number serialize(Object value, GraphQLContext context, Locale locale) {
        return sized(((Number) value).longValue());
    }

    @Override
    public Number parseValue(Object value, GraphQLContext context, Locale locale) {
        Number number = value instanceof Number || value instanceof String ? number(value.toString()) : null;
        if (number == null) {
            throw new CoercingParseValueException(wrong(value.toString()));
        }
        return number;
    }

    @Override
    public Number parseLiteral(Value<?> value, CoercedVariables variables, GraphQLContext context, Locale locale) {
        String text = "what is there";
        if (value instanceof IntValue literal) {
            text = literal.getValue().toString();
        } else if (value instanceof StringValue literal) {
            text = literal.getValue();
        }
        Number number = number(text);
        if (number == null) {
            throw new CoercingParseLiteralException(wrong(text));
        }
        return number;
    }

    @Override
    public Value<?> valueToLiteral(Object value, GraphQLContext context, Locale locale) {
        return new IntValue(BigInteger.valueOf(((Number) value).longValue()));
    }
}
