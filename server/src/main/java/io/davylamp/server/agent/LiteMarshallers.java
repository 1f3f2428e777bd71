package io.davylamp.server.agent;

import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.io.InputStream;

/**
 * Lets Armeria serve the lite stubs that the agent shares with us: it takes every marshaller with a prototype for one of full
 * messages, so the prototype is hidden from it.
 */
public final class LiteMarshallers {
    private LiteMarshallers() {}

    public static ServerServiceDefinition hide(ServerServiceDefinition service) {
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(service.getServiceDescriptor().getName());
        service.getMethods().forEach(method -> descriptor.addMethod(opaque(method.getMethodDescriptor())));
        ServiceDescriptor opaque = descriptor.build();
        ServerServiceDefinition.Builder wrapped = ServerServiceDefinition.builder(opaque);
        service.getMethods().forEach(method -> add(wrapped, opaque, method));
        return wrapped.build();
    }

    @SuppressWarnings("unchecked")
    private static <Q, P> void add(
            ServerServiceDefinition.Builder wrapped,
            ServiceDescriptor descriptor,
            ServerMethodDefinition<Q, P> method) {
        MethodDescriptor<?, ?> opaque = descriptor.getMethods().stream()
                .filter(each -> each.getFullMethodName()
                        .equals(method.getMethodDescriptor().getFullMethodName()))
                .findFirst()
                .orElseThrow();
        wrapped.addMethod((MethodDescriptor<Q, P>) opaque, method.getServerCallHandler());
    }

    private static <Q, P> MethodDescriptor<Q, P> opaque(MethodDescriptor<Q, P> method) {
        return method.toBuilder(
                        new Opaque<>(method.getRequestMarshaller()), new Opaque<>(method.getResponseMarshaller()))
                .build();
    }

    private record Opaque<T>(MethodDescriptor.Marshaller<T> marshaller) implements MethodDescriptor.Marshaller<T> {
        @Override
        public InputStream stream(T message) {
            return marshaller.stream(message);
        }

        @Override
        public T parse(InputStream bytes) {
            return marshaller.parse(bytes);
        }
    }
}
