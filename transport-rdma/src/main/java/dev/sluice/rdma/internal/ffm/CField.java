package dev.sluice.rdma.internal.ffm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The field of a C struct whose offset a constant holds. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface CField {
    /** The designator as {@code offsetof} takes it. */
    String value();
}
