package dev.sluice.rdma.internal.ffm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The C struct that a class of offsets describes; a test compares its constants with the compiler's. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface CStruct {
    /** The struct's tag. */
    String value();
}
