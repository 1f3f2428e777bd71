package io.davylamp.server.webhook;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;

/** The route of the API server: an AdmissionReview in, an AdmissionReview out. The size of bodies is limited by the port. */
public final class AdmissionService implements HttpService {
    private final AdmissionReviews reviews;
    private final boolean all;

    /** @param all whether pods that ask for nothing get the agent, too */
    public AdmissionService(AdmissionReviews reviews, boolean all) {
        this.reviews = reviews;
        this.all = all;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        MediaType type = request.contentType();
        if (type == null || !type.is(MediaType.JSON)) {
            return text(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "an AdmissionReview has the content type application/json");
        }
        return HttpResponse.of(request.aggregate()
                .thenApplyAsync(whole -> answer(whole.content().array()), context.blockingTaskExecutor()));
    }

    private HttpResponse answer(byte[] body) {
        AdmissionReviews.Answer answer = reviews.answer(body, all);
        if (answer instanceof AdmissionReviews.Answer.Unreadable unreadable) {
            return text(HttpStatus.BAD_REQUEST, unreadable.why());
        }
        AdmissionReviews.Answer.Reviewed reviewed = (AdmissionReviews.Answer.Reviewed) answer;
        return HttpResponse.of(HttpStatus.OK, MediaType.JSON, HttpData.wrap(reviewed.body()));
    }

    private static HttpResponse text(HttpStatus status, String words) {
        return HttpResponse.of(status, MediaType.PLAIN_TEXT_UTF_8, words + "\n");
    }
}
