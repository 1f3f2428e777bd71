package io.davylamp.agent.silent;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnsafeTest {
    /** What a message of protobuf has: private fields of a few types, and a constructor that is private. */
    private static final class Message {
        private int number = 1;
        private long large = 2;
        private boolean yes = true;
        private float small = 3;
        private double exact = 4;
        private Object text = "five";

        private Message() {}
    }

    private final Unsafe unsafe = Unsafe.THE_UNSAFE;

    private long offset(String field) throws NoSuchFieldException {
        return unsafe.objectFieldOffset(Message.class.getDeclaredField(field));
    }

    @Test
    void readsAndWritesFieldsOfEachType() throws Exception {
        Message message = (Message) unsafe.allocateInstance(Message.class);

        unsafe.putInt(message, offset("number"), unsafe.getInt(message, offset("number")) + 10);
        unsafe.putLong(message, offset("large"), unsafe.getLong(message, offset("large")) + 10);
        unsafe.putBoolean(message, offset("yes"), !unsafe.getBoolean(message, offset("yes")));
        unsafe.putFloat(message, offset("small"), unsafe.getFloat(message, offset("small")) + 10);
        unsafe.putDouble(message, offset("exact"), unsafe.getDouble(message, offset("exact")) + 10);
        unsafe.putObject(message, offset("text"), unsafe.getObject(message, offset("text")) + "teen");

        assertThat(message.number).isEqualTo(11);
        assertThat(message.large).isEqualTo(12);
        assertThat(message.yes).isFalse();
        assertThat(message.small).isEqualTo(13);
        assertThat(message.exact).isEqualTo(14);
        assertThat(message.text).isEqualTo("fiveteen");
    }

    @Test
    void eachFieldHasAPlaceOfItsOwnAndKeepsIt() throws Exception {
        Set<Long> offsets = new HashSet<>();
        for (Field field : Message.class.getDeclaredFields()) {
            long offset = unsafe.objectFieldOffset(field);

            // protobuf keeps 20 bits of it.
            assertThat(offset).isBetween(0L, (1L << 20) - 1);
            assertThat(offsets.add(offset)).isTrue();
            assertThat(unsafe.objectFieldOffset(Message.class.getDeclaredField(field.getName())))
                    .isEqualTo(offset);
        }
    }

    /** JVMs from 9 to 16 would print that it was opened, later ones throw; protobuf asks for this one at its start. */
    @Test
    void opensNoFieldOfTheJdk() throws Exception {
        Field address = java.nio.Buffer.class.getDeclaredField("address");

        assertThat(unsafe.objectFieldOffset(address)).isNotNegative();
        assertThat(address.canAccess(java.nio.ByteBuffer.allocate(1))).isFalse();
    }

    /** It looks for these, and does without what it does not find. */
    @Test
    void hasNothingThatLeadsProtobufToArraysOrMemory() {
        assertThat(Unsafe.class.getMethods())
                .extracting(java.lang.reflect.Method::getName)
                .doesNotContain("arrayIndexScale", "getByte", "putByte", "copyMemory");
    }
}
